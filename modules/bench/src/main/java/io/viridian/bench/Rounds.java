package io.viridian.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects what several ways take, round by round, in the order in which they are to be shown. One thread. */
final class Rounds {
    private final Map<Way, List<Double>> values = new LinkedHashMap<>();

    Rounds(List<Way> shown) {
        shown.forEach(way -> values.put(way, new ArrayList<>()));
    }

    void add(Way way, double value) {
        values.computeIfAbsent(way, _ -> new ArrayList<>()).add(value);
    }

    List<Series> series() {
        return values.entrySet().stream()
                .map(one -> new Series(one.getKey().id(), one.getKey().words(), one.getValue()))
                .toList();
    }

    /** The ways in the order of a round: each round begins with another one, so that nobody always comes first. */
    static List<Way> turn(List<Way> ways, int round) {
        int first = round % ways.size();
        List<Way> turned = new ArrayList<>(ways.subList(first, ways.size()));
        turned.addAll(ways.subList(0, first));
        return turned;
    }
}
