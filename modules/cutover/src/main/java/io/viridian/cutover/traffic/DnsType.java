package io.viridian.cutover.traffic;

import java.io.IOException;
import java.util.List;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** The kinds of record that lead to a server. */
public enum DnsType {
    /** The name of the server, which leads to its addresses. */
    CNAME(Type.CNAME, "a host name"),
    /** An address of version 4. */
    A(Type.A, "an IPv4 address"),
    /** An address of version 6. */
    AAAA(Type.AAAA, "an IPv6 address");

    private final int code;
    private final String rule;

    DnsType(int code, String rule) {
        this.code = code;
        this.rule = rule;
    }

    /** What such a record holds, for people. */
    public String rule() {
        return rule;
    }

    /** Whether a record of this type can hold the text. */
    public boolean accepts(String data) {
        try {
            return record(Name.root, 0, data).getType() == code;
        } catch (IOException | IllegalArgumentException _) {
            return false;
        }
    }

    int code() {
        return code;
    }

    /** Types that a name cannot have beside this one: a server passes over such an addition without a word. */
    List<Integer> excluded() {
        return this == CNAME ? List.of(Type.A, Type.AAAA) : List.of(Type.CNAME);
    }

    /** Names are whole, with or without the dot at their end. */
    Record record(Name name, long ttl, String data) throws IOException {
        return Record.fromString(name, code, DClass.IN, ttl, data, Name.root);
    }
}
