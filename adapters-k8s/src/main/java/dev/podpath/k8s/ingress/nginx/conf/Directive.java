package dev.podpath.k8s.ingress.nginx.conf;

import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Document;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * A directive of {@code nginx.conf}: a name, arguments, and for a block what is inside.
 *
 * <p>nginx compares bytes, so names and arguments hold one byte of the document per character (ISO 8859-1). Quotes and
 * the backslashes that only quote are gone, as in {@code ngx_conf_read_token} of {@code src/core/ngx_conf_file.c}.
 */
public final class Directive {
    private final Document document;
    private final int line;
    private final String name;
    private final Vector<String> args;
    private final Vector<Directive> children;
    private final Form form;
    private final String lua;

    /** What kind of directive it is. */
    private enum Form {
        SIMPLE,
        BLOCK,
        LUA,
        MISSING_INCLUDE
    }

    private Directive(
            Document document,
            int line,
            String name,
            Vector<String> args,
            Vector<Directive> children,
            Form form,
            String lua) {
        this.document = document;
        this.line = line;
        this.name = name;
        this.args = args;
        this.children = children;
        this.form = form;
        this.lua = lua;
    }

    static Directive simple(Document document, int line, String name, Vector<String> args) {
        return new Directive(document, line, name, args, Vector.empty(), Form.SIMPLE, "");
    }

    static Directive block(Document document, int line, String name, Vector<String> args, Vector<Directive> children) {
        return new Directive(document, line, name, args, children, Form.BLOCK, "");
    }

    static Directive lua(Document document, int line, String name, Vector<String> args, String lua) {
        return new Directive(document, line, name, args, Vector.empty(), Form.LUA, lua);
    }

    static Directive missingInclude(Document document, int line, Vector<String> args) {
        return new Directive(document, line, "include", args, Vector.empty(), Form.MISSING_INCLUDE, "");
    }

    /** The document the directive is written in: an included file's is its own. */
    public Document document() {
        return document;
    }

    /** One-based line of the directive's first word. */
    public int line() {
        return line;
    }

    /** The first word. */
    public String name() {
        return name;
    }

    /** The words after the first. */
    public Vector<String> args() {
        return args;
    }

    /** The argument at a zero-based place, where there are so many. */
    public Option<String> arg(int index) {
        return index < args.size() ? Option.some(args.get(index)) : Option.none();
    }

    /** Whether the directive has a block of directives. */
    public boolean isBlock() {
        return form == Form.BLOCK;
    }

    /** Whether the directive includes a file that is not in the snapshot. */
    public boolean isMissingInclude() {
        return form == Form.MISSING_INCLUDE;
    }

    /** The directives inside the block; those of included files stand where the file is included. */
    public Vector<Directive> children() {
        return children;
    }

    /** The Lua text inside a {@code *_by_lua_block}; empty text for any other directive. */
    public String lua() {
        return lua;
    }

    /** Whether the directive has this name. */
    public boolean is(String candidate) {
        return name.equals(candidate);
    }

    /** The directives of this name directly inside the block, in order. */
    public Vector<Directive> all(String childName) {
        return children.filter(child -> child.is(childName));
    }

    /** The last directive of this name directly inside the block. */
    public Option<Directive> last(String childName) {
        return children.findLast(child -> child.is(childName));
    }

    /** The directive's line as evidence. */
    public Evidence evidence() {
        return document.line(line);
    }

    /** {@code line 12: location /}. */
    @Override
    public String toString() {
        return "line " + line + ": " + name + args.map(arg -> " " + arg).mkString();
    }
}
