package io.viridian.daemon.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Builds the elements of the lists of sections. */
final class ElementReader {
    private final ConfigurationSources sources;
    private final GivenValues given;
    private final Values values;

    ElementReader(ConfigurationSources sources, GivenValues given, Values values) {
        this.sources = sources;
        this.given = given;
        this.values = values;
    }

    /** Those that are right; what is wrong with the others has been told. */
    List<TrafficSettings> traffic() {
        return elements(TrafficKeys.LIST, this::traffic);
    }

    List<NotifySettings> notifications() {
        return elements(NotifyKeys.LIST, this::notification);
    }

    List<HookSettings> hooks() {
        return elements(HookKeys.LIST, this::hook);
    }

    private <T> List<T> elements(String list, Function<GivenElement, T> build) {
        List<T> built = new ArrayList<>();
        for (GivenElement element : given.elements(list)) {
            ConfigurationKeys.below(element.path()).stream()
                    .filter(key -> key.presence() instanceof Presence.Required)
                    .forEach(key -> values.present(key, element.path(key), element.origin()));
            values.section(element.path(), () -> build.apply(element)).ifPresent(built::add);
        }
        return built;
    }

    private <T> T get(GivenElement element, ConfigurationKey<T> key) {
        return values.get(key, element.path(key));
    }

    private TrafficSettings traffic(GivenElement element) {
        return switch (element.variant()) {
            case "clients" -> new TrafficSettings.Clients();
            case "file" ->
                new TrafficSettings.FileSwitch(
                        get(element, TrafficKeys.FILE_PATH),
                        get(element, TrafficKeys.FILE_TEMPLATE),
                        get(element, TrafficKeys.FILE_THEN));
            case "exec" ->
                new TrafficSettings.Exec(
                        get(element, TrafficKeys.EXEC_COMMAND), get(element, TrafficKeys.EXEC_TIMEOUT));
            case "pgbouncer" ->
                new TrafficSettings.PgBouncer(
                        admin(get(element, TrafficKeys.PGBOUNCER_ADMIN_URL), element.origin()),
                        get(element, TrafficKeys.PGBOUNCER_CONFIG_FILE),
                        get(element, TrafficKeys.PGBOUNCER_DATABASE),
                        find(element, TrafficKeys.PGBOUNCER_BLUE),
                        find(element, TrafficKeys.PGBOUNCER_GREEN));
            case "haproxy" ->
                new TrafficSettings.HaProxy(
                        get(element, TrafficKeys.HAPROXY_SOCKET), get(element, TrafficKeys.HAPROXY_BACKEND));
            case "dns" -> dns(element);
            default ->
                new TrafficSettings.Webhook(
                        get(element, TrafficKeys.WEBHOOK_URL), get(element, TrafficKeys.WEBHOOK_SECRET_FILE));
        };
    }

    private TrafficSettings dns(GivenElement element) {
        return new TrafficSettings.Dns(
                get(element, TrafficKeys.DNS_SERVER),
                get(element, TrafficKeys.DNS_ZONE),
                get(element, TrafficKeys.DNS_NAME),
                get(element, TrafficKeys.DNS_TYPE),
                get(element, TrafficKeys.DNS_BLUE),
                get(element, TrafficKeys.DNS_GREEN),
                get(element, TrafficKeys.DNS_TTL),
                get(element, TrafficKeys.DNS_KEY_FILE));
    }

    private HookSettings hook(GivenElement element) {
        boolean exec = element.variant().equals("exec");
        HookKeys keys = exec ? HookKeys.EXEC : HookKeys.HTTP;
        return new HookSettings(
                get(element, keys.name()),
                get(element, keys.when()),
                get(element, keys.on()),
                exec
                        ? new ActionSettings.Exec(get(element, HookKeys.COMMAND))
                        : new ActionSettings.Http(
                                get(element, HookKeys.URL),
                                find(element, HookKeys.SECRET_FILE),
                                find(element, HookKeys.EXPECT)),
                get(element, keys.timeout()),
                get(element, keys.every()));
    }

    private <T> Optional<T> find(GivenElement element, ConfigurationKey<T> key) {
        return values.find(key, element.path(key));
    }

    private ConnectionSettings admin(ConnectionUrl url, Origin origin) {
        return ConnectionSettings.of(url, url.password(), sources.place(origin));
    }

    private NotifySettings notification(GivenElement element) {
        return new NotifySettings.Webhook(
                get(element, NotifyKeys.WEBHOOK_URL), get(element, NotifyKeys.WEBHOOK_SECRET_FILE));
    }
}
