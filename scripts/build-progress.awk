# Reads Maven's output, prints what a person watching wants to see.

# What this machine lacks, said by the scripts that look for it; nothing follows.
/^Viridian (needs|is built with) /, 0 {
    say($0)
    next
}

# Each module, with its place in the reactor when there are several.
/^\[INFO\] Building .* [0-9]/ {
    place = match($0, /\[[0-9]+\/[0-9]+\]$/) ? substr($0, RSTART) " " : ""
    sub(/^\[INFO\] Building /, "")
    sub(/ [0-9][^ ]*( +\[[0-9]+\/[0-9]+\])?$/, "")
    say("==> " place $0)
    next
}

# A test class that took long enough for somebody to wonder.
/^\[INFO\] Tests run:.*Time elapsed: .* -- in / {
    seconds = $0
    sub(/.*Time elapsed: /, "", seconds)
    if (seconds + 0 >= 5) {
        class = $0
        sub(/.* -- in /, "", class)
        say("    " class ": " (seconds + 0) " s")
    }
    next
}

# Skipped tests, where their class reports them.
/^\[WARNING\] Tests run:.*Skipped: [1-9].* -- in / {
    sub(/^\[WARNING\] Tests run: [0-9]+, Failures: [0-9]+, Errors: [0-9]+, /, "")
    sub(/, Time elapsed: .* -- in /, " in ")
    say("    " $0)
    next
}

# Why a test failed: its message, and of the stack only our own frames, up to a length that a terminal bears.
failing && /^\[(INFO|WARNING|ERROR)\]/ { failing = 0 }
failing {
    if (shown < 100 && (!/^\tat / || /^\tat io\.viridian/)) {
        say("    " $0)
        shown++
    }
    next
}
/<<< (FAILURE|ERROR)!$/ {
    failing = 1
    shown = 0
}

# A compiler warning, since it is what failed the build.
/^\[WARNING\] .*\.java:/ {
    say($0)
    next
}

# What a test tells people, by agreement on how the line begins.
/^Layers seen: / {
    say("    " $0)
    next
}

# Every error, but not Maven's advice that follows them.
/^\[ERROR\] *$/ || /^\[ERROR\] -> \[Help/ || /\[Help [0-9]\] http/ { next }
/To see the full stack trace|Re-run Maven using|For more information about the errors/ { next }
/After correcting the problems|  mvn <args> -rf/ { next }
/^\[ERROR\]/ || /^Error: / { say($0) }

function say(line) {
    print line
    fflush()
}
