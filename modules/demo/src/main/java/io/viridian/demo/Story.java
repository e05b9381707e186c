package io.viridian.demo;

import io.viridian.demo.DaemonApi.Ended;
import io.viridian.demo.DaemonApi.Status;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The migration as its operator leads it: there, back, there again, and its end. One thread. */
final class Story {
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    /** Progress is for eyes. */
    private static final Duration LINES_APART = Duration.ofMillis(700);

    /** Several times what it takes on two busy cores. */
    private static final Duration STATE_WITHIN = Duration.ofMinutes(2);

    private static final Duration GATES_WITHIN = Duration.ofMinutes(1);

    /** Until every client has written again, wherever it had to look for the open side. */
    private static final Duration SETTLE = Duration.ofSeconds(1);

    /** A switch that would take too long is undone, and an operator asks again. */
    private static final int SWITCH_ATTEMPTS = 3;

    private static final Duration BEFORE_ASKING_AGAIN = Duration.ofMillis(500);

    private final RunningDaemon daemon;
    private final DaemonApi api;
    private final Clients clients;
    private final Narrator narrator;
    private final Clock clock;
    private final Waiter waiter = new Waiter();
    private final List<Phase> phases = new ArrayList<>();
    private final List<Pause> pauses = new ArrayList<>();
    private long copied;
    private long streamed;

    /** A part of the whole, and how long it took. */
    record Phase(String name, Duration took) {}

    Story(RunningDaemon daemon, DaemonApi api, Clients clients, Narrator narrator, Clock clock) {
        this.daemon = daemon;
        this.api = api;
        this.clients = clients;
        this.narrator = narrator;
        this.clock = clock;
    }

    /** Until green follows blue and both have agreed. */
    void reachReady() throws InterruptedException {
        Status ready = reach("READY");
        copied = ready.rowsCopied();
        narrator.line("READY", "%s rows copied; green follows blue, and both have agreed", Narrator.count(copied));
    }

    /** The rest of it, with some time for the clients between two switches. */
    void thereAndBackAndThere(Duration writing) throws InterruptedException {
        verify();
        rehearse();
        switchTo("cutover", "SWITCHED", "cutover");
        write(writing);
        switchTo("rollback", "ROLLED_BACK", "rollback");
        write(writing);
        switchTo("cutover", "SWITCHED", "second cutover");
        write(writing);
        countStreamed();
        long began = clock.nanoTime();
        require("finalize", api.perform("finalize"));
        reach("FINALIZED");
        ended("finalize", began, "nothing of Viridian is left to do");
    }

    /** Follows the states to that one, and tells each of them. */
    private Status reach(String wanted) throws InterruptedException {
        Deadline by = Deadline.after(clock, STATE_WITHIN);
        String before = "";
        String told = "";
        long toldAt = clock.nanoTime();
        long since = clock.nanoTime();
        while (!by.expired()) {
            Optional<Status> now = look();
            String state = now.map(Status::state).orElse(before);
            if (!state.equals(before)) {
                if (!before.isEmpty() && !before.equals("NEW")) {
                    phases.add(new Phase(before.toLowerCase(Locale.ROOT), clock.since(since)));
                }
                before = state;
                since = clock.nanoTime();
            }
            if (state.equals(wanted)) {
                return now.orElseThrow();
            }
            String line = now.map(Story::progress).orElse("");
            boolean again = told.startsWith(state + " ") && clock.since(toldAt).compareTo(LINES_APART) < 0;
            if (!line.isEmpty() && !told.equals(state + " " + line) && !again) {
                told = state + " " + line;
                toldAt = clock.nanoTime();
                narrator.line(state, "%s", line);
            }
            waiter.await(LOOK_EVERY);
        }
        throw new Trouble("the migration is " + before + " and does not reach " + wanted);
    }

    private static String progress(Status status) {
        return switch (status.state()) {
            case "PREPARING" -> "green's schema, guards, publication and slot";
            case "BACKFILLING" -> status.backfill();
            case "CATCHING_UP" -> "indexes are built; the stream closes the gap, then the first verification";
            default -> "";
        };
    }

    private Optional<Status> look() throws InterruptedException {
        daemon.ended().ifPresent(why -> {
            throw new Trouble("the daemon does not run any more: " + why);
        });
        Optional<Status> now = api.status();
        if (now.isPresent() && now.get().state().equals("HALTED")) {
            throw new Trouble("the migration is halted: " + now.get().fault().orElse("no reason given"));
        }
        return now;
    }

    /** The streams count until they end. */
    void countStreamed() throws InterruptedException {
        streamed = Math.max(streamed, api.rowsStreamed());
    }

    private void verify() throws InterruptedException {
        long began = clock.nanoTime();
        Ended verified = require("verify", api.perform("verify"));
        if (!verified.text("clean").equals("true")) {
            throw new Trouble("verification found differences: " + verified.text("detail"));
        }
        ended(
                "verify",
                began,
                "%s rows in %s tables agree, while the clients write"
                        .formatted(Narrator.count(Long.parseLong(verified.text("rows"))), verified.text("tables")));
    }

    private void write(Duration time) throws InterruptedException {
        long before = clients.acknowledged();
        waiter.await(time);
        String owner = api.status().map(Status::owner).orElse("?");
        narrator.line(
                "writing",
                "%s transactions acknowledged on %s",
                Narrator.count(clients.acknowledged() - before),
                owner);
    }

    private void switchTo(String type, String wanted, String name) throws InterruptedException {
        Clients.Mark mark = clients.mark();
        long began = clock.nanoTime();
        Ended ended = perform(type);
        reach(wanted);
        pause(name, mark, began, ended);
    }

    private void rehearse() throws InterruptedException {
        Clients.Mark mark = clients.mark();
        long began = clock.nanoTime();
        Ended ended = perform("rehearse");
        narrator.line("rehearse", "the cutover up to the point of no return, then undone");
        pause("rehearse", mark, began, ended);
    }

    /** Asks again when a gate was in the way, and when all was undone because it would have taken too long. */
    private Ended perform(String type) throws InterruptedException {
        Deadline by = Deadline.after(clock, GATES_WITHIN);
        int undone = 0;
        while (true) {
            waitForGates();
            Ended ended = api.perform(type);
            boolean gate = ended.text("code").equals("GATE_REFUSED");
            if (ended.succeeded()) {
                return ended;
            }
            undone += gate ? 0 : 1;
            if (undone == SWITCH_ATTEMPTS || by.expired()) {
                throw new Trouble(type + ": " + ended.why());
            }
            narrator.line(type, "not this time, asking again: %s", ended.text("detail"));
            waiter.await(BEFORE_ASKING_AGAIN);
        }
    }

    private void pause(String name, Clients.Mark mark, long began, Ended ended) throws InterruptedException {
        phases.add(new Phase(name, clock.since(began)));
        waiter.await(SETTLE);
        Pause pause = clients.pauseSince(mark, name, ended.writePause());
        pauses.add(pause);
        narrator.line(
                name,
                "writes paused for %s, as the clients saw it; the writes are on %s",
                Narrator.millis(pause.longest()),
                api.status().map(Status::owner).orElse("?"));
    }

    /** A gate that is not passing is no reason to give up: lag settles, verifications come. */
    private void waitForGates() throws InterruptedException {
        Deadline by = Deadline.after(clock, GATES_WITHIN);
        String told = "";
        while (!by.expired()) {
            Optional<String> closed = look().flatMap(Status::closedGate);
            if (closed.isEmpty()) {
                return;
            }
            String id = closed.get().replaceFirst(" .*", "");
            if (!id.equals(told)) {
                told = id;
                narrator.line("gates", "waiting for %s", closed.get());
            }
            waiter.await(LOOK_EVERY);
        }
        throw new Trouble("the gate " + told + " does not pass");
    }

    private static Ended require(String type, Ended ended) {
        if (!ended.succeeded()) {
            throw new Trouble(type + ": " + ended.why());
        }
        return ended;
    }

    private void ended(String name, long began, String text) {
        phases.add(new Phase(name, clock.since(began)));
        narrator.line(name, "%s", text);
    }

    /** What there is to say at the end. */
    void summary() {
        narrator.plain("");
        narrator.plain(
                "rows moved: %s copied, %s more by the streams, both ways",
                Narrator.count(copied), Narrator.count(streamed));
        narrator.plain("time per phase:");
        phases.forEach(phase -> narrator.plain("  %-14s %s", phase.name(), Narrator.seconds(phase.took())));
        if (!pauses.isEmpty()) {
            narrator.plain("write pauses, as the clients saw them:");
            pauses.forEach(pause -> narrator.plain("%s", pause.line()));
        }
    }
}
