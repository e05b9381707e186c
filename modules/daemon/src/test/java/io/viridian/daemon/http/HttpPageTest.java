package io.viridian.daemon.http;

import io.viridian.daemon.GeneratedPage;
import io.viridian.migration.Operation;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class HttpPageTest {
    @Test
    void theReferencePageHoldsEveryPathOperationAndProblem() {
        GeneratedPage.named("http.md").mustBe("""
                # HTTP API

                Made from `openapi.yaml` and the code of `io.viridian.daemon.http`; a test compares.

                `GET /openapi.yaml` is the description for programs (OpenAPI 3.1); this page is for people. The daemon listens on loopback
                only, until tokens of its own, OIDC or a client CA say who may call. Every answer, also a refusal, is JSON or plain text and is
                not to be stored.

                ## Who may

                At every start the daemon makes an admin token (256 bits), keeps its SHA-256, and writes it to
                `<state-dir>/<migration>/admin-token`, readable by its own user only; it prints the path. It goes with each request as
                `Authorization: Bearer …`. Nothing is changed without it. Without it, callers on the same machine may read, unless a proxy
                (`X-Forwarded-For`, `Forwarded`) brought them. A token that is not known is refused even for reading. Requests must name a
                loopback host (`127.0.0.1`, `[::1]`, `localhost`), so that no web page can reach the daemon by a name of its own.

                ## Paths

                | method and path | |
                |---|---|
                %s
                `GET` paths but the stream answer `HEAD` as well. What is not known is `null`; lags are seconds and bytes as numbers, times are RFC 3339 in
                UTC, `eta` is seconds.

                ## Operations

                `POST /v1/migrations/{m}/operations` with `{"type": "cutover", "reason": "tonight"}` answers 202 and a `Location`. Everything
                besides `type` and `reason` is a parameter.

                | type | parameters | role | `If-Match` |
                |---|---|---|---|
                %s
                `repair`, `arm`, `disarm` and `tune` answer 501: they are not built yet.

                - **If-Match** takes the `ETag` of `GET /v1/migrations/{m}`, which changes with anything but the measurements. Where it is
                  demanded and missing the answer is 428, where it is given and stale 412. Of two requests with the same tag the first wins.
                - **Idempotency-Key**: the same key with the same request gives the same answer, with another request 422. Refusals are not
                  remembered. The answers are kept in memory; after a restart the control tells whether it knows the key.
                - **plan** pins the plan: if its hash is another one now, the answer is 409 with `PLAN_CHANGED`.
                - `GET …/operations/{id}?wait=30s` answers when the operation has ended, at the latest after the wait, which is at most 60 s.
                  `UNKNOWN` is no end: the daemon is finding out. For cutover, rollback and rehearse `write_pause_ms` tells how long nobody
                  could write; after a failure `result.code` is the fault code.

                ## Events

                `GET /v1/migrations/{m}/stream` sends Server-Sent Events: `id` is the event's number, `data` one JSON object with
                `number`, `at`, `type`, `text`. It begins with the first event, or after `Last-Event-ID` (`?since=` for those who cannot send
                headers), so nothing is lost when a connection breaks. A comment comes every 15 s. A listener that takes nothing for 10 s is cut
                off. `GET …/events?since=` pages through the same events.

                ## Limits

                | what | limit | beyond it |
                |---|---:|---|
                | address | 4,096 characters | 414 |
                | headers | 16 KiB | 431 |
                | body | 64 KiB, within 10 s | 413, 408 |
                | requests under way | %d | 503 |
                | event listeners | %d | 503 |
                | connections | %d | closed |
                | silence on a connection | 75 s, 10 s before the first request | closed |

                ## Problems

                Refusals are `application/problem+json` (RFC 9457) with `type title status detail code gate object sqlstate retryable fix`.
                `code` is a fault code: `viridian explain CODE` says more, and the command line exits with its number. `retryable` says
                whether the same request can succeed later without anybody acting.

                A fault of the migration has the type `urn:viridian:fault:` and its code in lower case. What is wrong with a request itself:

                | `urn:viridian:problem:` | status | code | |
                |---|---:|---|---|
                %s""".formatted(
                        paths(),
                        operations(),
                        Dispatcher.MOST_AT_ONCE,
                        EventStream.MOST_LISTENERS,
                        Connections.MOST,
                        problems()));
    }

    private static String paths() {
        return ApiDescription.read().summaries().entrySet().stream()
                .map(entry -> "| `%s` | %s |\n".formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining());
    }

    private static String operations() {
        return Arrays.stream(Operation.Type.values())
                .map(type -> "| `%s` | %s | %s | %s |\n"
                        .formatted(
                                type.text(),
                                OperationRequest.parametersOf(type).stream()
                                        .map(name -> "`" + name + "`")
                                        .collect(Collectors.joining(" ")),
                                OperationAnswers.roleFor(type).text(),
                                OperationAnswers.needsVersion(type) ? "demanded" : "honoured"))
                .collect(Collectors.joining());
    }

    private static String problems() {
        return Arrays.stream(ProblemKind.values())
                .map(kind -> {
                    Problem problem = kind.with("");
                    return "| `%s` | %d | `%s` | %s. %s |\n"
                            .formatted(
                                    kind.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                                    problem.status(),
                                    problem.code(),
                                    problem.title(),
                                    problem.fix());
                })
                .collect(Collectors.joining());
    }
}
