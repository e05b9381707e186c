package io.viridian.cutover.traffic;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIGRecord;
import org.xbill.DNS.Update;

/**
 * For clients that find the server by a name: the record of that name is replaced, by one signed message to the zone's
 * primary (RFC 2136, RFC 8945) that takes effect as a whole or not at all. Whoever remembers the old address connects
 * to the closed side until the time to live has passed, and is refused there by the guard when it writes.
 *
 * <p>What is looked at is the primary. Its secondaries follow by themselves, and resolvers when they forget.
 */
public final class DnsSwitcher implements TrafficSwitcher {
    private static final String LOOK = "its log says why";

    private final DnsServer server;
    private final DnsEntry entry;
    private final Path keyFile;

    /**
     * The switcher.
     *
     * @param server the zone's primary
     * @param keyFile read anew each time, so that the key can be changed
     */
    public DnsSwitcher(DnsServer server, DnsEntry entry, Path keyFile) {
        this.server = server;
        this.entry = entry;
        this.keyFile = keyFile;
    }

    @Override
    public String name() {
        return "dns " + entry.name() + " " + entry.type();
    }

    @Override
    public void perform(Side to) throws InterruptedException {
        Update update = new Update(entry.zoneName());
        entry.type().excluded().forEach(other -> update.absent(entry.ownName(), other));
        update.delete(entry.ownName(), entry.type().code());
        update.add(entry.record(to));
        DnsKey key = key();
        Message answer = ask(update, key);
        if (answer.getRcode() != Rcode.NOERROR) {
            throw refused("the update", answer, key);
        }
    }

    /** Whether the name holds this record and no other of its type, as the primary itself says. */
    @Override
    public boolean probe(Side to) throws InterruptedException {
        Record question = Record.newRecord(entry.ownName(), entry.type().code(), DClass.IN);
        DnsKey key = key();
        Message answer = ask(Message.newQuery(question), key);
        if (answer.getRcode() == Rcode.NXDOMAIN) {
            return false;
        }
        if (answer.getRcode() != Rcode.NOERROR) {
            throw refused("the question for it", answer, key);
        }
        if (!answer.getHeader().getFlag(Flags.AA)) {
            throw failed(
                    "answers from memory: name the primary of the zone " + entry.zone()
                            + " under cutover.traffic, not a resolver",
                    null);
        }
        List<Record> there = answer.getSection(Section.ANSWER).stream()
                .filter(record -> record.getType() == entry.type().code()
                        && record.getName().equals(entry.ownName()))
                .toList();
        // Records are equal whatever their times to live and the case of names.
        return there.equals(List.of(entry.record(to)));
    }

    private DnsKey key() {
        try {
            return DnsKey.parse(Files.readString(keyFile));
        } catch (IOException unreadable) {
            throw failed("is not asked, because " + keyFile + " cannot be read: " + unreadable, unreadable);
        } catch (IllegalArgumentException unusable) {
            throw failed("is not asked, because " + keyFile + " " + unusable.getMessage(), unusable);
        }
    }

    private Message ask(Message message, DnsKey key) throws InterruptedException {
        try {
            return server.ask(message, key);
        } catch (IOException failure) {
            throw failed(String.valueOf(failure.getMessage()), failure);
        }
    }

    private FaultException refused(String what, Message answer, DnsKey key) {
        TSIGRecord signature = answer.getTSIG();
        int error = signature == null ? Rcode.NOERROR : signature.getError();
        String code =
                Rcode.string(answer.getRcode()) + (error == Rcode.NOERROR ? "" : " (" + Rcode.TSIGstring(error) + ")");
        String remedy = error == Rcode.NOERROR ? remedy(answer.getRcode(), key) : remedyOfKey(error, key);
        return failed("answers " + code + " to " + what + ": " + remedy, null);
    }

    private String remedy(int code, DnsKey key) {
        return switch (code) {
            case Rcode.REFUSED ->
                "grant the key " + key + " this name (with BIND by update-policy or allow-update, and allow-query)";
            case Rcode.NOTAUTH -> "it is not the primary of " + entry.zone() + "; name that one";
            case Rcode.NOTZONE -> entry.name() + " does not belong to its zone " + entry.zone();
            case Rcode.YXRRSET -> "the name holds records of another type, which " + entry.type() + " cannot be beside";
            case Rcode.NOTIMP -> "it takes no updates";
            case Rcode.SERVFAIL -> "it may not be able to write its zone; " + LOOK;
            default -> LOOK;
        };
    }

    private String remedyOfKey(int error, DnsKey key) {
        return switch (error) {
            case Rcode.BADKEY ->
                "it does not know a key " + key + " of that algorithm; " + keyFile + " must hold its key";
            case Rcode.BADSIG -> "its key " + key + " has another secret than " + keyFile;
            case Rcode.BADTIME -> "its clock and this machine's are too far apart";
            default -> LOOK;
        };
    }

    private FaultException failed(String what, @Nullable Throwable cause) {
        Fault fault = Fault.about(FaultCode.TRAFFIC_FAILED, name(), name() + ": the server " + server + " " + what);
        return cause == null ? fault.asException() : fault.asException(cause);
    }
}
