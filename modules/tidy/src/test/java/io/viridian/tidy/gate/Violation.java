package io.viridian.tidy.gate;

import java.util.List;

/**
 * One thing that the build must refuse.
 *
 * @param gate the gate that must fire; also the name of the throw-away module
 * @param body the body of the one class in it, well-formatted unless formatting is the point
 * @param dependency extra dependency of the module, as POM text, or empty
 * @param complaint what Maven must say about it
 */
record Violation(String gate, String body, String dependency, String complaint) {
    /** A module without a violation; if it failed too, the others would fail for the wrong reason. */
    static final String CONTROL = "control";

    static final String BANNED_GROUP = "org.mockito";
    static final String BANNED_ARTIFACT = "mockito-core";

    static final List<Violation> ALL = List.of(
            inCode("error-prone", """
                        void run() {
                            new IllegalStateException("made, never thrown");
                        }
                    """, "[DeadException]"),
            inCode("null-away", """
                        Object run() {
                            return null;
                        }
                    """, "[NullAway] returning @Nullable expression from method with @NonNull return type"),
            inCode("raw-type", """
                        Object run() {
                            return new java.util.ArrayList().size();
                        }
                    """, "warnings found and -Werror specified"),
            inCode("spotless", """
                      void    run( ) { }
                    """, "The following files had format violations"),
            new Violation(
                    "banned-dependency",
                    "",
                    """
                    <dependencies>
                        <dependency>
                          <groupId>%s</groupId>
                          <artifactId>%s</artifactId>
                          <version>0</version>
                          <type>pom</type>
                        </dependency>
                      </dependencies>""".formatted(BANNED_GROUP, BANNED_ARTIFACT),
                    BANNED_GROUP + ":" + BANNED_ARTIFACT));

    private static Violation inCode(String gate, String body, String complaint) {
        return new Violation(gate, body, "", complaint);
    }
}
