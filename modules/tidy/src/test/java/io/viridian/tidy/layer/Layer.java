package io.viridian.tidy.layer;

import java.util.List;

/**
 * Packages that may be used by the same others.
 *
 * @param packages ours, each with everything below it
 * @param sees the names of the other layers it may use
 */
record Layer(String name, List<String> packages, List<String> sees) {
    Layer {
        packages = List.copyOf(packages);
        sees = List.copyOf(sees);
    }

    boolean claims(String packageName) {
        return Packages.anyHolds(packages, packageName);
    }
}
