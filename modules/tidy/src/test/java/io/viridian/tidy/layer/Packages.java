package io.viridian.tidy.layer;

import java.util.List;

/** Package names as a tree: a package holds itself and everything below it. */
final class Packages {
    private Packages() {}

    static boolean anyHolds(List<String> packages, String packageName) {
        return packages.stream().anyMatch(candidate -> holds(candidate, packageName));
    }

    static boolean holds(String outer, String packageName) {
        return packageName.equals(outer) || packageName.startsWith(outer + ".");
    }
}
