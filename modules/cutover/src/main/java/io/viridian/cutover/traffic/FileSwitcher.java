package io.viridian.cutover.traffic;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.Side;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes a file from a template in which {@code {{url}}} and {@code {{side}}} stand for the new owner, then runs a
 * command. A reader of the file, and a machine that loses power, find the old content or the new one, never half of it.
 */
public final class FileSwitcher implements TrafficSwitcher {
    private final DurableFile file;
    private final String template;
    private final Optional<Command> then;
    private final Function<Side, String> urls;

    /**
     * The switcher.
     *
     * @param then what makes the readers look at the file again; no words mean that they do so by themselves
     * @param timeout for {@code then}
     */
    public FileSwitcher(Path path, String template, List<String> then, Duration timeout, Function<Side, String> urls) {
        this.file = new DurableFile(path.toAbsolutePath());
        this.template = template;
        this.then = then.isEmpty() ? Optional.empty() : Optional.of(new Command(then, timeout));
        this.urls = urls;
    }

    @Override
    public String name() {
        return "file " + file.path();
    }

    @Override
    public void perform(Side to) throws InterruptedException {
        String content = content(to);
        try {
            if (!content.equals(file.read().orElse(null))) {
                file.replace(content);
            }
        } catch (IOException failure) {
            throw failed("cannot be written: " + failure, failure);
        }
        if (then.isPresent()) {
            Command.Result result = then.get().run(Map.of("VIRIDIAN_OWNER", to.text(), "VIRIDIAN_URL", urls.apply(to)));
            if (!result.succeeded()) {
                throw failed("is written, but " + then.get().words() + " " + result.sentence(), null);
            }
        }
    }

    private String content(Side to) {
        return template.replace("{{url}}", urls.apply(to)).replace("{{side}}", to.text());
    }

    private FaultException failed(String why, @Nullable Throwable cause) {
        Fault fault = Fault.about(FaultCode.TRAFFIC_FAILED, name(), name() + " " + why);
        return cause == null ? fault.asException() : fault.asException(cause);
    }

    @Override
    public boolean probe(Side to) {
        try {
            return file.read().filter(content(to)::equals).isPresent();
        } catch (IOException unreadable) {
            throw failed("cannot be read: " + unreadable, unreadable);
        }
    }
}
