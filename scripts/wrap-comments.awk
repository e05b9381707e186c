# Wraps over-long comment lines of one Java file; see wrap-comments.

BEGIN { limit = 120 }

{ line[NR] = $0 }

END {
    for (number = 1; number <= NR; number++) {
        wrap(line[number], number)
    }
}

function wrap(text, number,    indent, lead, at, rest) {
    # A whole comment on one line becomes a block first.
    if (length(text) > limit && text ~ /^ *\/\*\* .* \*\/$/) {
        match(text, /^ */)
        indent = substr(text, 1, RLENGTH)
        print indent "/**"
        wrap(indent " * " substr(text, RLENGTH + 5, length(text) - RLENGTH - 7), 0)
        print indent " */"
        return
    }
    # Links cannot be broken, and what is no comment is the formatter's.
    if (length(text) <= limit || text ~ /:\/\// || !match(text, /^ *(\*|\/\/) +/)) {
        print text
        return
    }
    lead = substr(text, 1, RLENGTH)
    at = limit + 1
    while (at > RLENGTH && substr(text, at, 1) != " ") {
        at--
    }
    if (at <= length(lead)) {
        print text
        return
    }
    print substr(text, 1, at - 1)
    rest = substr(text, at + 1)
    # What hangs below a tag is set in.
    if (substr(text, length(lead) + 1, 1) == "@") {
        lead = lead "    "
    }
    if (number > 0 && number < NR && goesOn(line[number + 1], lead)) {
        line[number + 1] = lead rest " " substr(line[number + 1], length(lead) + 1)
    } else {
        wrap(lead rest, 0)
    }
}

# Whether a line continues the paragraph above it: set in the same way, and neither a tag, markup nor a list item.
function goesOn(text, lead) {
    return substr(text, 1, length(lead)) == lead && substr(text, length(lead) + 1, 1) ~ /[^ @<*\/-]/
}
