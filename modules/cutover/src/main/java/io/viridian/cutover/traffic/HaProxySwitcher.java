package io.viridian.cutover.traffic;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.Side;
import io.viridian.time.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * For clients behind HAProxy: in a backend with the servers {@code blue} and {@code green} the one that owns the writes
 * is made ready, the other put into maintenance, and the sessions that are still on that one are ended, so that their
 * clients connect anew and find the owner. By the runtime socket, which must be of level admin.
 *
 * <p>HAProxy forgets such states when it is restarted, unless it is given a state file
 * ({@code load-server-state-from-file}): it would begin as its configuration says, and the guard refuses whoever is led
 * astray.
 */
public final class HaProxySwitcher implements TrafficSwitcher {
    /** The socket is on the same machine and HAProxy answers from memory. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Of the administrative states, that the file says "disabled": true for as long as HAProxy runs. */
    private static final int DISABLED_IN_THE_FILE = 4;

    /** Of the operational states. */
    private static final int STOPPED = 0;

    private final RuntimeSocket socket;
    private final String backend;

    public HaProxySwitcher(Path socket, String backend, Clock clock) {
        this(socket, backend, PATIENCE, clock);
    }

    /**
     * The switcher.
     *
     * @param patience for each command
     */
    HaProxySwitcher(Path socket, String backend, Duration patience, Clock clock) {
        this.socket = new RuntimeSocket(socket, patience, clock);
        this.backend = backend;
    }

    @Override
    public String name() {
        return "haproxy " + backend;
    }

    private String server(Side side) {
        return backend + "/" + side.text();
    }

    @Override
    public void perform(Side to) {
        // The open side first: for a moment both are there and the guard refuses, rather than nobody.
        command("set server " + server(to) + " state ready");
        command("set server " + server(to.other()) + " state maint");
        command("shutdown sessions server " + server(to.other()));
    }

    /** Nothing is answered to a command that was carried out. */
    private void command(String command) {
        String answer = ask(command);
        if (!answer.isEmpty()) {
            throw failed("answers '" + answer + "' to '" + command + "'");
        }
    }

    private String ask(String command) {
        try {
            return socket.ask(command);
        } catch (IOException failure) {
            throw Fault.about(
                            FaultCode.TRAFFIC_FAILED,
                            name(),
                            name() + " does not do '" + command + "': " + socket.path() + ": " + failure.getMessage())
                    .asException(failure);
        }
    }

    /** Whether the side's server takes connections, as health checks see it too, and the other's does not. */
    @Override
    public boolean probe(Side to) {
        Map<String, State> states = states();
        State open = states.get(to.text());
        State closed = states.get(to.other().text());
        if (open == null || closed == null) {
            throw failed("has no servers named blue and green, but "
                    + states.keySet().stream().sorted().toList());
        }
        return open.ready() && !closed.ready();
    }

    /** As "show servers state" tells it (Management Guide 2.6). */
    private record State(int operational, int administrative) {
        boolean ready() {
            return (administrative & ~DISABLED_IN_THE_FILE) == 0 && operational != STOPPED;
        }
    }

    private Map<String, State> states() {
        String answer = ask("show servers state " + backend);
        List<String> lines = answer.lines().toList();
        List<String> names = lines.stream()
                .filter(line -> line.startsWith("# "))
                .findFirst()
                .map(line -> Arrays.asList(line.substring(2).split(" ")))
                .orElseThrow(() -> failed("answers '" + answer + "' when asked for its servers"));
        Map<String, State> states = new HashMap<>();
        for (String line : lines) {
            String[] fields = line.split(" ");
            if (!line.startsWith("#") && fields.length >= names.size()) {
                states.put(
                        fields[names.indexOf("srv_name")],
                        new State(
                                Integer.parseInt(fields[names.indexOf("srv_op_state")]),
                                Integer.parseInt(fields[names.indexOf("srv_admin_state")])));
            }
        }
        return states;
    }

    private FaultException failed(String what) {
        return Fault.about(FaultCode.TRAFFIC_FAILED, name(), name() + " " + what)
                .asException();
    }
}
