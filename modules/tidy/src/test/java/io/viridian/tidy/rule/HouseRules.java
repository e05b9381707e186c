package io.viridian.tidy.rule;

import java.util.List;

/** The rules in force. A new rule is a class, its test, and a line here; a test finds the one that was forgotten. */
public final class HouseRules {
    public static final List<Rule> ALL = List.of(
            new MethodLength(),
            new FileLength(),
            new LineLength(),
            new ParameterCount(),
            new NestingDepth(),
            new PackageOpening(),
            new TypeNames(),
            new NoTripleSlash(),
            new NoUnfinishedMark(),
            new NoAuthorTag(),
            new NoVar(),
            new NoWildcardImport(),
            new NoEmptyCatch(),
            new NoConsoleOutput(),
            new NoPrintStackTrace(),
            new NoSleeping(),
            new NoDisabling());

    private HouseRules() {}
}
