package io.viridian.cutover.traffic;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.plan.Side;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs a command with {@code VIRIDIAN_OWNER} ({@code blue} or {@code green}) and {@code VIRIDIAN_URL} in its
 * environment. It must be safe to run twice: it is run again after a crash, and until it ends with 0.
 */
public final class ExecSwitcher implements TrafficSwitcher {
    private final Command command;
    private final Function<Side, String> urls;
    private volatile @Nullable Side last;
    private volatile boolean tried;
    private volatile String output = "";

    public ExecSwitcher(List<String> command, Duration timeout, Function<Side, String> urls) {
        this.command = new Command(command, timeout);
        this.urls = urls;
    }

    @Override
    public String name() {
        return "exec " + command.words().getFirst();
    }

    @Override
    public void perform(Side to) throws InterruptedException {
        tried = true;
        last = null;
        Command.Result result = command.run(Map.of("VIRIDIAN_OWNER", to.text(), "VIRIDIAN_URL", urls.apply(to)));
        output = result.output();
        if (!result.succeeded()) {
            throw Fault.about(FaultCode.TRAFFIC_FAILED, name(), name() + " " + result.sentence())
                    .asException();
        }
        last = to;
    }

    /**
     * What the command has done cannot be seen from here: true when it last succeeded for this side, or when it was not
     * run yet and could be.
     */
    @Override
    public boolean probe(Side to) {
        return tried ? last == to : executable();
    }

    private boolean executable() {
        String program = command.words().getFirst();
        if (program.contains(File.separator)) {
            return Files.isExecutable(Path.of(program));
        }
        String path = System.getenv().getOrDefault("PATH", "");
        return Arrays.stream(path.split(File.pathSeparator, -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    /** The beginning of what the command last said. */
    public String output() {
        return output;
    }
}
