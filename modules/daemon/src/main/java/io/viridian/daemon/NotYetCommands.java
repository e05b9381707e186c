package io.viridian.daemon;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import java.nio.file.Path;

/** Says of every local verb that nothing stands behind it yet. */
final class NotYetCommands implements LocalCommands {
    @Override
    public int run(Invocation invocation) {
        throw notYet("run");
    }

    @Override
    public int check(Invocation invocation, boolean grants) {
        throw notYet("check");
    }

    @Override
    public int plan(Invocation invocation, String what) {
        throw notYet("plan");
    }

    @Override
    public int init(Invocation invocation, Path directory, boolean overwrite) {
        throw notYet("init");
    }

    private static FaultException notYet(String verb) {
        return Fault.about(
                        FaultCode.NOT_YET,
                        verb,
                        "`viridian %s` is not built yet; `viridian config validate` checks a configuration today"
                                .formatted(verb))
                .asException();
    }
}
