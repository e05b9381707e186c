package io.viridian.cutover.traffic;

import io.viridian.plan.Side;
import java.io.IOException;
import java.time.Duration;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;

/**
 * A name of a zone, and what it is to hold for each owner. Names are whole, with or without the dot at their end.
 *
 * @param ttl for how long resolvers and clients may remember it
 */
public record DnsEntry(String zone, String name, DnsType type, String blue, String green, Duration ttl) {
    public DnsEntry {
        if (!within(name, zone) || !type.accepts(blue) || !type.accepts(green)) {
            throw new IllegalArgumentException("no " + type + " of " + zone + ": " + name + ", " + blue + ", " + green);
        }
    }

    /** Whether the text is a name. */
    public static boolean isName(String text) {
        try {
            return !absolute(text).equals(Name.root);
        } catch (TextParseException _) {
            return false;
        }
    }

    /** Whether the name belongs to the zone; both must be names. */
    public static boolean within(String name, String zone) {
        try {
            return isName(name) && absolute(name).subdomain(absolute(zone));
        } catch (TextParseException _) {
            return false;
        }
    }

    /** Whether the texts are the same name. */
    public static boolean same(String one, String other) {
        return within(one, other) && within(other, one);
    }

    private static Name absolute(String text) throws TextParseException {
        return Name.fromString(text, Name.root);
    }

    Name zoneName() {
        return parsed(zone);
    }

    Name ownName() {
        return parsed(name);
    }

    private static Name parsed(String text) {
        try {
            return absolute(text);
        } catch (TextParseException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    Record record(Side side) {
        try {
            return type.record(ownName(), ttl.toSeconds(), side == Side.BLUE ? blue : green);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
