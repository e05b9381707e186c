package io.viridian.tidy.layer;

import java.util.List;

/**
 * Somebody else's packages, and the layers that hide them from all the others.
 *
 * @param homes the names of those layers
 */
record Library(String name, List<String> packages, List<String> homes) {
    Library {
        packages = List.copyOf(packages);
        homes = List.copyOf(homes);
    }

    boolean holds(String packageName) {
        return Packages.anyHolds(packages, packageName);
    }
}
