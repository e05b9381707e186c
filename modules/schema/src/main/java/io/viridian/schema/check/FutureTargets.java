package io.viridian.schema.check;

import io.viridian.plan.Side;
import io.viridian.schema.green.SchemaOrigin;
import java.util.Set;
import java.util.TreeSet;

/** The sides on which to look for what may hinder our writes: blue too when green is going to look like it. */
final class FutureTargets {
    private FutureTargets() {}

    static Set<Side> of(CheckContext context) {
        Set<Side> sides = new TreeSet<>(context.targets());
        if (context.schema() instanceof SchemaOrigin.Blue) {
            sides.add(Side.BLUE);
        }
        return sides;
    }
}
