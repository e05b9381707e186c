package io.viridian.testkit.net;

import io.viridian.testkit.server.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A proxy on the loopback whose network can be made to fail at any moment and to recover again. Give its URL to the
 * client under test instead of the server's own. Any thread may change the mode; the change is in force for every byte
 * that reaches the proxy after the call has returned, and for those it holds back.
 */
public final class TcpProxy implements AutoCloseable {

    private final InetSocketAddress upstream;
    private final ServerSocket listener;
    private final Network network = new Network();
    private final Set<Tunnel> tunnels = ConcurrentHashMap.newKeySet();

    private TcpProxy(InetSocketAddress upstream, ServerSocket listener) {
        this.upstream = upstream;
        this.listener = listener;
    }

    public static TcpProxy to(PostgresServer server) {
        return to(server.host(), server.port());
    }

    /** Listens on a free port of the loopback; the server need not run yet. */
    public static TcpProxy to(String host, int port) {
        try {
            ServerSocket listener = new ServerSocket();
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            TcpProxy proxy = new TcpProxy(new InetSocketAddress(host, port), listener);
            Thread.ofVirtual().name("proxy-accept").start(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String host() {
        return "127.0.0.1";
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Like {@link PostgresServer#jdbcUrl}, through the proxy. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://%s:%d/%s".formatted(host(), port(), database);
    }

    /** Like {@link PostgresServer#url}, through the proxy. */
    public String url(String database) {
        return "postgresql://postgres@%s:%d/%s".formatted(host(), port(), database);
    }

    public void pass() {
        set(new Mode.Pass());
    }

    public void cut() {
        set(new Mode.Cut());
    }

    public void blackHole() {
        set(new Mode.BlackHole());
    }

    public void delay(Duration delay) {
        set(new Mode.Delay(delay));
    }

    public void dropReplies() {
        set(new Mode.DropReplies());
    }

    public void halfOpen() {
        set(new Mode.HalfOpen());
    }

    /** Resets the connections there are and lets new ones come: a blip. */
    public void resetConnections() {
        tunnels.forEach(Tunnel::reset);
        tunnels.clear();
    }

    /** Connections that carry bytes, or would if the network let them. */
    public int connections() {
        tunnels.removeIf(Tunnel::finished);
        return tunnels.size();
    }

    /** Those of them that lost bytes, or the server's side, and are reset when the mode changes. */
    public int brokenConnections() {
        return (int) tunnels.stream().filter(Tunnel::broken).count();
    }

    public synchronized void set(Mode mode) {
        network.change(mode);
        switch (mode) {
            case Mode.Cut _ -> resetConnections();
            case Mode.HalfOpen _ -> tunnels.forEach(Tunnel::abandonServer);
            case Mode.Pass _, Mode.BlackHole _, Mode.Delay _, Mode.DropReplies _ -> resetBroken();
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        set(new Mode.Cut());
    }

    private void resetBroken() {
        for (Tunnel tunnel : Set.copyOf(tunnels)) {
            if (tunnel.broken()) {
                tunnel.reset();
                tunnels.remove(tunnel);
            }
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Tunnel tunnel = new Tunnel(network, client);
                tunnels.add(tunnel);
                Thread.ofVirtual().name("proxy-to-server").start(() -> carry(tunnel));
            } catch (IOException _) {
                // Closed: the loop ends. Anything else concerned one client only.
            }
        }
    }

    private void carry(Tunnel tunnel) {
        try {
            tunnel.run(upstream);
            tunnels.removeIf(Tunnel::finished);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            tunnel.reset();
        }
    }
}
