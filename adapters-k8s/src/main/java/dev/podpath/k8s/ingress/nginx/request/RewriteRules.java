package dev.podpath.k8s.ingress.nginx.request;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.trace.Decision;
import dev.podpath.k8s.ingress.nginx.conf.Directive;
import dev.podpath.k8s.ingress.nginx.pcre.Pcre;
import dev.podpath.k8s.ingress.nginx.pcre.RegexMatch;
import dev.podpath.k8s.ingress.nginx.select.RequestUri;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Runs the directives of {@code ngx_http_rewrite_module} of one block, in the order of the file. */
final class RewriteRules {
    private static final Set<String> DECIDING =
            Set.of("return", "rewrite", "break", "proxy_pass", "grpc_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass");

    private final Variables variables;
    private final List<Decision> decisions = new ArrayList<>();
    private Option<Directive> pass = Option.none();
    private boolean uriChanged;
    private boolean rewritten;
    private boolean leftLocation;
    private boolean stopped;
    /** Whether captures in {@code set} are escaped as arguments: until a {@code rewrite} matches ({@code e->quote}). */
    private boolean escapesCaptures = true;

    RewriteRules(Variables variables) {
        this.variables = variables;
    }

    /** What was decided, as it is told to people. */
    Vector<Decision> decisions() {
        return Vector.ofAll(decisions);
    }

    /** The directive of an {@code if} that applies and hands the request to another server. */
    Option<Directive> pass() {
        return pass;
    }

    /** Whether a location must be sought for the path again. */
    boolean uriChanged() {
        return uriChanged;
    }

    /** Whether a {@code rewrite} changed the path. */
    boolean rewritten() {
        return rewritten;
    }

    /** Whether the path is no longer the one the location was chosen for, although the location stays. */
    boolean leftLocation() {
        return leftLocation;
    }

    /** Runs the directives; a fate where one of them settles the request. */
    Option<Fate> run(Vector<Directive> directives) {
        for (Directive directive : directives) {
            Option<Fate> fate = step(directive);
            if (fate.isDefined() || stopped) {
                return fate;
            }
        }
        return Option.none();
    }

    private Option<Fate> step(Directive directive) {
        return switch (directive.name()) {
            case "set" -> set(directive);
            case "return" -> Option.some(answer(directive));
            case "rewrite" -> rewrite(directive);
            case "break" -> {
                stop();
                yield Option.none();
            }
            case "if" -> branch(directive);
            default -> {
                if (directive.name().startsWith("set_by_lua")) {
                    directive
                            .arg(0)
                            .forEach(name -> variables.set(
                                    bare(name),
                                    Value.unknown(name + " is computed in Lua at line " + directive.line())));
                }
                yield Option.none();
            }
        };
    }

    private Option<Fate> set(Directive directive) {
        if (directive.args().size() == 2) {
            variables.set(
                    bare(directive.args().get(0)),
                    variables.text(directive.args().get(1), escapesCaptures));
        }
        return Option.none();
    }

    private Option<Fate> branch(Directive directive) {
        Either<String, Boolean> holds = Condition.holds(directive, variables);
        if (holds.isRight()) {
            if (!holds.get()) {
                return Option.none();
            }
            directive
                    .children()
                    .findLast(line -> line.name().endsWith("_pass"))
                    .forEach(line -> pass = Option.some(line));
            return run(directive.children());
        }
        if (directive.children().exists(line -> DECIDING.contains(line.name()))) {
            return unclear(directive, holds.getLeft());
        }
        directive
                .all("set")
                .forEach(line -> line.arg(0)
                        .forEach(name ->
                                variables.set(bare(name), Value.unknown(name + " depends on line " + line.line()))));
        return Option.none();
    }

    private void stop() {
        stopped = true;
        leftLocation |= uriChanged;
        uriChanged = false;
    }

    private Fate answer(Directive directive) {
        String first = directive.arg(0).getOrElse("");
        Option<Integer> code = AddressPort.parsePort(first).filter(n -> n <= 999);
        Value text = variables.text(code.isEmpty() ? first : directive.arg(1).getOrElse(""));
        if (!text.isKnown()) {
            return new Fate.Unclear(text.unknown(), Option.some(directive));
        }
        int status = code.getOrElse(302);
        boolean redirects = code.isEmpty()
                || directive.arg(1).isDefined()
                        && Set.of(301, 302, 303, 307, 308).contains(status);
        return new Fate.Answer(
                status,
                redirects ? Option.some(text.text()) : Option.none(),
                redirects ? "" : text.text(),
                Option.some(directive));
    }

    private Option<Fate> rewrite(Directive directive) {
        if (directive.args().size() < 2) {
            return Option.none();
        }
        Either<String, Option<RegexMatch>> match = Pcre.compile(directive.args().get(0), false)
                .flatMap(pcre -> pcre.find(variables.uri().path(), variables.budget()));
        if (match.isLeft()) {
            return unclear(directive, match.getLeft());
        }
        if (match.get().isEmpty()) {
            return Option.none();
        }
        variables.capture(match.get().get());
        escapesCaptures = false;
        return rewritten(directive, directive.args().get(1), directive.arg(2).getOrElse(""));
    }

    /** Where the path ends and the arguments begin is decided by the replacement as written, not by what it captures. */
    private Option<Fate> rewritten(Directive directive, String replacement, String flag) {
        boolean elsewhere = replacement.startsWith("http://")
                || replacement.startsWith("https://")
                || replacement.startsWith("$scheme");
        boolean redirects = elsewhere || flag.equals("redirect") || flag.equals("permanent");
        boolean dropArgs = replacement.endsWith("?");
        String kept = dropArgs ? replacement.substring(0, replacement.length() - 1) : replacement;
        int query = kept.indexOf('?');
        Value path = variables.text(query < 0 ? kept : kept.substring(0, query), redirects);
        Value args = query < 0 ? Value.of("") : variables.text(kept.substring(query + 1), true);
        Value both = path.then(args);
        if (!both.isKnown()) {
            return unclear(directive, both.unknown());
        }
        String old = dropArgs ? "" : variables.uri().args();
        String joined = query < 0 || old.isEmpty() ? args.text() + old : args.text() + "&" + old;
        if (redirects) {
            String target = Escape.redirect(query < 0 ? path.text() : path.text() + "?" + args.text());
            String more = old.isEmpty() ? "" : (query < 0 ? "?" : "&") + old;
            return Option.some(new Fate.Answer(
                    flag.equals("permanent") ? 301 : 302, Option.some(target + more), "", Option.some(directive)));
        }
        if (path.text().isEmpty()) {
            return Option.some(new Fate.Answer(500, Option.none(), "", Option.some(directive)));
        }
        move(directive, new RequestUri(path.text(), joined, !joined.isEmpty()), flag);
        return Option.none();
    }

    private void move(Directive directive, RequestUri after, String flag) {
        decisions.add(Decision.of(
                Decision.Action.TRANSLATED,
                "the path " + RequestUri.text(variables.uri().path()) + " is rewritten to "
                        + RequestUri.text(after.path())
                        + (flag.isEmpty() ? "" : " (" + flag + ")"),
                directive.evidence()));
        variables.setUri(after);
        uriChanged = true;
        rewritten = true;
        switch (flag) {
            case "break" -> stop();
            case "last" -> stopped = true;
            default -> stopped = false;
        }
    }

    private static Option<Fate> unclear(Directive directive, String why) {
        return Option.some(new Fate.Unclear(why, Option.some(directive)));
    }

    private static String bare(String name) {
        return name.startsWith("$") ? name.substring(1) : name;
    }
}
