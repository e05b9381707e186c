# Adds up the closing lines of all modules and prints one of the same form.
/^\[(INFO|WARNING|ERROR)\] Tests run: [0-9]+, Failures: [0-9]+, Errors: [0-9]+, Skipped: [0-9]+ *$/ {
    gsub(/,/, "")
    run += $4
    failures += $6
    errors += $8
    skipped += $10
}
END { printf "Tests run: %d, Failures: %d, Errors: %d, Skipped: %d\n", run, failures, errors, skipped }
