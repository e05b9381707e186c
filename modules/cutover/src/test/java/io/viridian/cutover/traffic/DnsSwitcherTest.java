package io.viridian.cutover.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.plan.Side;
import io.viridian.testkit.traffic.Bind;
import io.viridian.time.Clock;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;

/** A real BIND whose zone takes signed updates. */
@Timeout(60)
final class DnsSwitcherTest {
    private static final String NAME = "shop-db.example.org";

    @TempDir
    Path directory;

    private Path keyFile;
    private Bind bind;

    @BeforeEach
    void start() throws Exception {
        Bind.require();
        keyFile = Files.writeString(directory.resolve("tsig"), Bind.KEY);
        bind = Bind.start(directory);
    }

    @AfterEach
    void stop() {
        if (bind != null) {
            bind.close();
        }
    }

    private DnsServer server(int port, Duration timeout) {
        return new DnsServer("127.0.0.1", port, timeout, Clock.system());
    }

    private DnsSwitcher switcher(DnsEntry entry) {
        return new DnsSwitcher(server(bind.port(), Duration.ofSeconds(20)), entry, keyFile);
    }

    private static DnsEntry alias(String zone, String name) {
        return new DnsEntry(
                zone, name, DnsType.CNAME, "blue-db.example.org", "green-db.example.org.", Duration.ofSeconds(5));
    }

    private DnsSwitcher alias() {
        return switcher(alias(Bind.ZONE, NAME));
    }

    @Test
    void aNameIsLedToTheOwnerThereAndBackHoweverOftenItIsSaid() throws Exception {
        DnsSwitcher switcher = alias();
        assertThat(switcher.probe(Side.BLUE)).as("nothing is there yet").isFalse();
        for (Side owner : new Side[] {Side.BLUE, Side.GREEN, Side.GREEN, Side.BLUE}) {
            switcher.perform(owner);
            assertThat(switcher.probe(owner)).isTrue();
            assertThat(switcher.probe(owner.other())).isFalse();
            assertThat(bind.records(NAME, "CNAME")).containsExactly(owner.text() + "-db.example.org.");
        }
        bind.restart();
        assertThat(switcher.probe(Side.BLUE)).as("it is written down").isTrue();
    }

    @Test
    void addressesOfBothVersionsStandBesideEachOther() throws Exception {
        DnsSwitcher four =
                switcher(new DnsEntry(Bind.ZONE, NAME, DnsType.A, "192.0.2.1", "192.0.2.2", Duration.ofSeconds(5)));
        DnsSwitcher six =
                switcher(new DnsEntry(Bind.ZONE, NAME, DnsType.AAAA, "2001:db8::1", "2001:DB8::2", Duration.ZERO));
        for (Side owner : new Side[] {Side.BLUE, Side.GREEN}) {
            four.perform(owner);
            six.perform(owner);
            assertThat(four.probe(owner)).isTrue();
            assertThat(six.probe(owner)).isTrue();
        }
        assertThat(bind.records(NAME, "A")).containsExactly("192.0.2.2");
        assertThat(bind.records(NAME, "AAAA")).containsExactly("2001:db8:0:0:0:0:0:2");
    }

    @Test
    void whatSomebodyElseChangesIsSeenAndPutRight() throws Exception {
        DnsEntry entry = new DnsEntry("example.org", NAME, DnsType.A, "192.0.2.1", "192.0.2.2", Duration.ofSeconds(5));
        DnsSwitcher switcher = switcher(entry);
        switcher.perform(Side.GREEN);
        switcher(new DnsEntry("example.org", NAME, DnsType.A, "192.0.2.9", "192.0.2.8", Duration.ofSeconds(5)))
                .perform(Side.GREEN);
        assertThat(switcher.probe(Side.GREEN)).isFalse();
        assertThat(switcher.probe(Side.BLUE)).isFalse();
        assertThat(bind.records(NAME, "A")).as("looking changes nothing").containsExactly("192.0.2.8");
        switcher.perform(Side.GREEN);
        assertThat(switcher.probe(Side.GREEN)).isTrue();
        assertThat(bind.records(NAME, "A")).containsExactly("192.0.2.2");
    }

    @Test
    void aNameThatHoldsRecordsOfAnotherTypeIsLeftAsItIsAndTold() throws Exception {
        assertThatThrownBy(() -> switcher(alias(Bind.ZONE, "both.example.org")).perform(Side.GREEN))
                .hasMessageContaining("TRAFFIC_FAILED")
                .hasMessageContaining("answers YXRRSET to the update")
                .hasMessageContaining("records of another type");
        assertThat(bind.records("both.example.org", "A")).containsExactly("192.0.2.7");
    }

    @Test
    void aKeyThatTheServerDoesNotTakeIsToldWithoutItsSecret() throws Exception {
        String secret = "b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXItb3Q=";
        Files.writeString(keyFile, "viridian:" + secret);
        assertThatThrownBy(() -> alias().perform(Side.GREEN))
                .hasMessageContaining("TRAFFIC_FAILED")
                .hasMessageContaining("127.0.0.1:" + bind.port() + " answers NOTAUTH (BADSIG) to the update")
                .hasMessageContaining("another secret than " + keyFile)
                .hasMessageNotContaining(secret);
        assertThatThrownBy(() -> alias().probe(Side.GREEN)).hasMessageContaining("NOTAUTH (BADSIG)");
        Files.writeString(keyFile, "stranger:" + secret);
        assertThatThrownBy(() -> alias().perform(Side.GREEN))
                .hasMessageContaining("NOTAUTH (BADKEY)")
                .hasMessageContaining("does not know a key stranger");
        assertThat(bind.records(NAME, "CNAME")).isEmpty();
    }

    @Test
    void aFileWithoutAUsableKeyIsToldAndNobodyIsAsked() throws Exception {
        Files.writeString(keyFile, "key \"viridian\" { secret \"dmly\"; };");
        assertThatThrownBy(() -> alias().perform(Side.GREEN))
                .hasMessageContaining("TRAFFIC_FAILED")
                .hasMessageContaining(keyFile + " has a key without algorithm");
        Files.delete(keyFile);
        assertThatThrownBy(() -> alias().probe(Side.GREEN)).hasMessageContaining(keyFile + " cannot be read");
    }

    @Test
    void whatTheServerDoesNotAllowIsToldWithWhatToDo() {
        assertThatThrownBy(() -> switcher(alias(Bind.ZONE, "fixed.example.org")).perform(Side.GREEN))
                .hasMessageContaining("answers REFUSED to the update")
                .hasMessageContaining("grant the key viridian this name");
        DnsSwitcher elsewhere = switcher(alias("example.net", "shop-db.example.net"));
        assertThatThrownBy(() -> elsewhere.perform(Side.GREEN))
                .hasMessageContaining("answers NOTAUTH to the update")
                .hasMessageContaining("it is not the primary of example.net");
        assertThatThrownBy(() -> elsewhere.probe(Side.GREEN)).hasMessageContaining("answers REFUSED");
    }

    @Test
    void aServerThatIsDownOrUnknownIsTold() {
        bind.close();
        assertThatThrownBy(() -> alias().perform(Side.GREEN))
                .hasMessageContaining("TRAFFIC_FAILED")
                .hasMessageContaining("dns shop-db.example.org CNAME: the server 127.0.0.1:" + bind.port())
                .hasMessageContaining("refused");
        DnsServer nowhere = new DnsServer("nowhere.invalid", 53, Duration.ofSeconds(1), Clock.system());
        assertThatThrownBy(() -> new DnsSwitcher(nowhere, alias(Bind.ZONE, NAME), keyFile).probe(Side.GREEN))
                .hasMessageContaining("unknown host name");
    }

    @Test
    void aServerThatTakesTheQuestionAndNeverAnswersIsNotWaitedForLong() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            DnsSwitcher switcher = new DnsSwitcher(
                    server(silent.getLocalPort(), Duration.ofMillis(200)), alias(Bind.ZONE, NAME), keyFile);
            assertThatThrownBy(() -> switcher.perform(Side.GREEN))
                    .hasMessageContaining("TRAFFIC_FAILED")
                    .hasMessageContaining("gives no answer within 200 ms");
            assertThatThrownBy(() -> switcher.probe(Side.GREEN)).hasMessageContaining("gives no answer within 200 ms");
        }
    }

    /** What a server that answers without asking its zone makes of a question. */
    private DnsSwitcher answeredBy(ServerSocket listening, UnaryOperator<Message> answer) {
        Thread.ofVirtual().start(() -> {
            try (Socket client = listening.accept()) {
                DataInputStream in = new DataInputStream(client.getInputStream());
                byte[] question = in.readNBytes(in.readUnsignedShort());
                byte[] reply = answer.apply(new Message(question)).toWire();
                DataOutputStream out = new DataOutputStream(client.getOutputStream());
                out.writeShort(reply.length);
                out.write(reply);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
        return new DnsSwitcher(
                server(listening.getLocalPort(), Duration.ofSeconds(20)), alias(Bind.ZONE, NAME), keyFile);
    }

    private static Message done(Message question) {
        Message answer = new Message(question.getHeader().getID());
        answer.getHeader().setOpcode(question.getHeader().getOpcode());
        answer.getHeader().setFlag(Flags.QR);
        return answer;
    }

    @Test
    void goodNewsIsNotBelievedWithoutTheSignatureOfTheKey() throws IOException {
        try (ServerSocket forger = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            DnsSwitcher switcher = answeredBy(forger, DnsSwitcherTest::done);
            assertThatThrownBy(() -> switcher.perform(Side.GREEN))
                    .hasMessageContaining("TRAFFIC_FAILED")
                    .hasMessageContaining("not signed with the key viridian");
        }
    }

    @Test
    void anAnswerFromMemoryIsNotTakenForThePrimarys() throws IOException {
        try (ServerSocket resolver = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            DnsSwitcher switcher = answeredBy(resolver, question -> {
                Message answer = done(question);
                DnsKey.parse(Bind.KEY).signer().apply(answer, question.getTSIG());
                return answer;
            });
            assertThatThrownBy(() -> switcher.probe(Side.GREEN))
                    .hasMessageContaining("answers from memory")
                    .hasMessageContaining("name the primary of the zone example.org");
        }
    }

    @Test
    void whoeverWaitsForAServerCanBeInterrupted() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            DnsSwitcher switcher = new DnsSwitcher(
                    server(silent.getLocalPort(), Duration.ofSeconds(50)), alias(Bind.ZONE, NAME), keyFile);
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> switcher.probe(Side.GREEN)).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void anEntryThatCannotBeIsRefused() {
        assertThat(DnsEntry.within("shop.example.org", "example.org.")).isTrue();
        assertThat(DnsEntry.within("shop.example.net", "example.org")).isFalse();
        assertThat(DnsEntry.isName("")).isFalse();
        assertThat(DnsEntry.isName("shop..org")).isFalse();
        for (String wrong : List.of("blue db", "192.0.2", "2001:db8::1")) {
            assertThat(DnsType.A.accepts(wrong)).as(wrong).isFalse();
        }
        assertThat(DnsType.AAAA.accepts("192.0.2.1")).isFalse();
        assertThat(DnsType.CNAME.accepts("blue db")).isFalse();
        assertThatThrownBy(() -> alias("example.net", NAME)).isInstanceOf(IllegalArgumentException.class);
    }
}
