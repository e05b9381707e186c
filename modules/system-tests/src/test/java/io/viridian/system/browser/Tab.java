package io.viridian.system.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viridian.testkit.Await;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/** One page in a browser: looked at, clicked and typed into as a person does, with mouse and keyboard. */
public final class Tab {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final DevTools tools;
    private final String session;

    Tab(DevTools tools, String session) {
        this.tools = tools;
        this.session = session;
    }

    void load(URI address) throws InterruptedException {
        for (String domain : List.of("Page", "Runtime", "Log")) {
            send(domain + ".enable", DevTools.parameters());
        }
        window(1280, 1000);
        send("Page.navigate", DevTools.parameters().put("url", address.toString()));
    }

    /** How large it is. */
    public void window(int width, int height) throws InterruptedException {
        send(
                "Emulation.setDeviceMetricsOverride",
                DevTools.parameters()
                        .put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", false));
    }

    /** Light or dark, as the person's system says. */
    public void colours(String scheme) throws InterruptedException {
        ObjectNode media = DevTools.parameters();
        media.putArray("features")
                .addObject()
                .put("name", "prefers-color-scheme")
                .put("value", scheme);
        send("Emulation.setEmulatedMedia", media);
    }

    /** The text of what the selector finds; empty when there is nothing. */
    public String text(String selector) throws InterruptedException {
        return evaluate("document.querySelector(%s)?.innerText ?? ''".formatted(quoted(selector)))
                .asText();
    }

    /** Whether it can be seen. */
    public boolean visible(String selector) throws InterruptedException {
        return evaluate("document.querySelector(%s)?.checkVisibility() ?? false".formatted(quoted(selector)))
                .asBoolean();
    }

    /** Whether it can be pressed. */
    public boolean enabled(String selector) throws InterruptedException {
        return evaluate("document.querySelector(%s)?.disabled === false".formatted(quoted(selector)))
                .asBoolean();
    }

    /** How wide the content is beyond the window, which a reader would have to push about; 0 when it fits. */
    public int overflow() throws InterruptedException {
        return evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                .asInt();
    }

    /** What a script answers. */
    public JsonNode evaluate(String expression) throws InterruptedException {
        JsonNode result = send(
                "Runtime.evaluate",
                DevTools.parameters().put("expression", expression).put("returnByValue", true));
        if (result.has("exceptionDetails")) {
            throw new IllegalStateException(expression + ": " + result.get("exceptionDetails"));
        }
        return result.path("result").path("value");
    }

    /** Waits until the text there is this. */
    public void awaitText(String selector, String wanted) throws InterruptedException {
        awaitText(selector, wanted, PATIENCE);
    }

    /** Waits until the text there contains this. */
    public void awaitText(String selector, String wanted, Duration patience) throws InterruptedException {
        try {
            Await.until(
                    "'%s' says '%s'".formatted(selector, wanted),
                    patience,
                    () -> text(selector).contains(wanted));
        } catch (AssertionError late) {
            throw new AssertionError(
                    "'%s' says '%s'; the page:%n%s".formatted(selector, text(selector), text("body")), late);
        }
    }

    /** Waits until it can be pressed, and presses it with the mouse. */
    public void click(String selector) throws InterruptedException {
        Await.until(
                "'%s' can be clicked".formatted(selector),
                PATIENCE,
                () -> visible(selector)
                        && !evaluate("document.querySelector(%s).disabled === true".formatted(quoted(selector)))
                                .asBoolean());
        clickAsItIs(selector);
    }

    /** Presses it with the mouse at once, which does nothing while it cannot be pressed. */
    public void clickAsItIs(String selector) throws InterruptedException {
        evaluate("document.querySelector(%s).scrollIntoView({block: 'center', behavior: 'instant'})"
                .formatted(quoted(selector)));
        JsonNode middle = evaluate("""
                (() => {
                  const box = document.querySelector(%s).getBoundingClientRect();
                  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
                })()""".formatted(quoted(selector)));
        mouse("mousePressed", middle);
        mouse("mouseReleased", middle);
    }

    private void mouse(String what, JsonNode where) throws InterruptedException {
        send(
                "Input.dispatchMouseEvent",
                DevTools.parameters()
                        .put("type", what)
                        .put("x", where.path("x").asDouble())
                        .put("y", where.path("y").asDouble())
                        .put("button", "left")
                        .put("clickCount", 1));
    }

    /** Clicks into a field, empties it and types. */
    public void type(String selector, String text) throws InterruptedException {
        click(selector);
        evaluate("document.querySelector(%s).select()".formatted(quoted(selector)));
        if (text.isEmpty()) {
            press("Delete");
        } else {
            send("Input.insertText", DevTools.parameters().put("text", text));
        }
    }

    /** Presses a key that writes nothing, like Escape. */
    public void press(String key) throws InterruptedException {
        for (String what : List.of("keyDown", "keyUp")) {
            send(
                    "Input.dispatchKeyEvent",
                    DevTools.parameters()
                            .put("type", what)
                            .put("key", key)
                            .put("code", key)
                            .put("windowsVirtualKeyCode", code(key)));
        }
    }

    private static int code(String key) {
        return switch (key) {
            case "Escape" -> 27;
            case "Tab" -> 9;
            case "Delete" -> 46;
            default -> throw new IllegalArgumentException("no code is known for the key " + key);
        };
    }

    /** Everything the browser complained about: exceptions, errors of the console, what the policy refused. */
    public List<String> complaints() {
        Stream<String> exceptions =
                tools.told("Runtime.exceptionThrown").stream().map(JsonNode::toString);
        Stream<String> errors = tools.told("Runtime.consoleAPICalled").stream()
                .filter(call -> call.path("type").asText().matches("error|assert"))
                .map(JsonNode::toString);
        Stream<String> log = tools.told("Log.entryAdded").stream()
                .map(entry -> entry.path("entry"))
                .filter(entry -> entry.path("level").asText().equals("error"))
                .map(JsonNode::toString);
        return Stream.of(exceptions, errors, log).flatMap(one -> one).toList();
    }

    /** What can be seen of it, as a PNG. */
    public void screenshot(Path file) throws IOException, InterruptedException {
        String data = send("Page.captureScreenshot", DevTools.parameters().put("format", "png"))
                .path("data")
                .asText();
        Files.write(file, Base64.getDecoder().decode(data));
    }

    private JsonNode send(String method, ObjectNode parameters) throws InterruptedException {
        return tools.send(session, method, parameters);
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
