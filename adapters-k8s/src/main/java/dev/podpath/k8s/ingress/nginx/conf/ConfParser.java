package dev.podpath.k8s.ingress.nginx.conf;

import dev.podpath.ports.snapshot.Document;
import io.vavr.collection.Vector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Builds the tree of directives without recursion; depth, includes and size are bounded. */
final class ConfParser {
    static final int MAX_DEPTH = 100;
    static final int MAX_INCLUDED = 1_000;
    private static final int MAX_INCLUDE_DEPTH = 16;

    private final Includes includes;
    private final WordPool pool = new WordPool();
    private final Deque<Open> blocks = new ArrayDeque<>();
    private final Deque<Input> inputs = new ArrayDeque<>();
    private final List<Directive> missing = new ArrayList<>();
    private int included;
    private int count;

    ConfParser(Includes includes) {
        this.includes = includes;
    }

    /** A block whose end has not been read. */
    private record Open(int line, String name, Vector<String> args, List<Directive> children) {}

    /** A file being read, and how many blocks were open when it began. */
    private record Input(Document document, ConfLexer lexer, int depth) {}

    /** The place where reading stopped, for problems. */
    Document here(Document main) {
        return inputs.isEmpty() ? main : inputs.element().document();
    }

    /** Directives that include what is not in the snapshot. */
    Vector<Directive> missing() {
        return Vector.ofAll(missing);
    }

    /** How many directives there are. */
    int count() {
        return count;
    }

    Vector<Directive> parse(Document main) throws ConfException {
        blocks.push(new Open(1, "", Vector.empty(), new ArrayList<>()));
        inputs.push(input(main));
        while (!inputs.isEmpty()) {
            step(inputs.element());
        }
        return Vector.ofAll(blocks.pop().children());
    }

    private void step(Input input) throws ConfException {
        ConfLexer lexer = input.lexer();
        switch (lexer.next()) {
            case SEMICOLON -> statement(input, lexer);
            case BLOCK -> open(input, lexer);
            case CLOSE -> close(input, lexer);
            case EOF -> end(input, lexer);
        }
    }

    private void statement(Input input, ConfLexer lexer) throws ConfException {
        String name = lexer.words().get(0);
        Vector<String> args = args(lexer);
        int line = lexer.firstLine();
        if (!name.equals("include") || args.size() != 1) {
            add(Directive.simple(input.document(), line, name, args));
            return;
        }
        Vector<Document> files = includes.find(args.head());
        if (files.isEmpty()) {
            Directive absent = Directive.missingInclude(input.document(), line, args);
            missing.add(absent);
            add(absent);
            return;
        }
        included += files.size();
        if (inputs.size() > MAX_INCLUDE_DEPTH || included > MAX_INCLUDED) {
            throw new ConfException(
                    line,
                    "an include of " + args.head() + " below " + inputs.size() + " others, the " + included + "th",
                    "files included no deeper than " + MAX_INCLUDE_DEPTH + " and no more than " + MAX_INCLUDED);
        }
        files.reverse().forEach(file -> inputs.push(input(file)));
    }

    private void open(Input input, ConfLexer lexer) throws ConfException {
        String name = lexer.words().get(0);
        Vector<String> args = args(lexer);
        int line = lexer.firstLine();
        if (name.endsWith("_by_lua_block")) {
            add(Directive.lua(input.document(), line, name, args, lexer.lua()));
            return;
        }
        if (blocks.size() > MAX_DEPTH) {
            throw new ConfException(
                    line, "more than " + MAX_DEPTH + " blocks inside each other", "blocks nested less deeply");
        }
        blocks.push(new Open(line, name, args, new ArrayList<>()));
    }

    private void close(Input input, ConfLexer lexer) throws ConfException {
        if (blocks.size() <= input.depth()) {
            throw new ConfException(lexer.firstLine(), "'}' that closes nothing", "a directive");
        }
        Open done = blocks.pop();
        add(Directive.block(input.document(), done.line(), done.name(), done.args(), Vector.ofAll(done.children())));
    }

    private void end(Input input, ConfLexer lexer) throws ConfException {
        if (blocks.size() > input.depth()) {
            Open open = blocks.element();
            throw new ConfException(
                    Math.max(1, Math.min(lexer.line(), input.document().lines().count())),
                    "the end of the file",
                    "'}' for the block '" + open.name() + "' of line " + open.line());
        }
        inputs.pop();
    }

    private Input input(Document document) {
        return new Input(document, new ConfLexer(document.bytes(), pool), blocks.size());
    }

    private void add(Directive directive) {
        count++;
        blocks.element().children().add(directive);
    }

    private static Vector<String> args(ConfLexer lexer) {
        List<String> words = lexer.words();
        return words.size() == 1 ? Vector.empty() : Vector.ofAll(words.subList(1, words.size()));
    }
}
