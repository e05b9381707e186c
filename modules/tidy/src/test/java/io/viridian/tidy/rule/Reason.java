package io.viridian.tidy.rule;

import com.sun.source.tree.Tree;
import io.viridian.tidy.source.SourceFile;

/**
 * What a rule tells the person it stops.
 *
 * @param rule short name, lower-case-dashed
 * @param why what goes wrong where the rule is not kept
 * @param mend what to do instead
 */
public record Reason(String rule, String why, String mend) {
    public Finding at(SourceFile file, Tree node, String what) {
        return at(file, file.firstLine(node), what);
    }

    public Finding at(SourceFile file, int line, String what) {
        return new Finding(file.path(), line, what, this);
    }
}
