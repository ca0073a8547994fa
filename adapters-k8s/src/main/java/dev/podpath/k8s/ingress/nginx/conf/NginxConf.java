package dev.podpath.k8s.ingress.nginx.conf;

import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.DocumentProblem;
import io.vavr.collection.Vector;
import io.vavr.control.Either;

/** A configuration of nginx that has been read. */
public final class NginxConf {
    private final Document document;
    private final Vector<Directive> directives;
    private final Vector<Directive> missingIncludes;
    private final int count;

    private NginxConf(Document document, Vector<Directive> directives, Vector<Directive> missingIncludes, int count) {
        this.document = document;
        this.directives = directives;
        this.missingIncludes = missingIncludes;
        this.count = count;
    }

    /** Reads a configuration whose includes are not captured. */
    public static Either<DocumentProblem, NginxConf> parse(Document document) {
        return parse(document, Includes.NONE);
    }

    /**
     * Reads a configuration. Total: any bytes give a configuration or a located problem. Blocks may nest 100 deep, files
     * 16 deep.
     */
    public static Either<DocumentProblem, NginxConf> parse(Document document, Includes includes) {
        ConfParser parser = new ConfParser(includes);
        try {
            Vector<Directive> directives = parser.parse(document);
            return Either.right(new NginxConf(document, directives, parser.missing(), parser.count()));
        } catch (ConfException e) {
            return Either.left(DocumentProblem.at(parser.here(document).path(), e.line(), e.found(), e.expected()));
        }
    }

    /** The main file. */
    public Document document() {
        return document;
    }

    /** The directives of the main context. */
    public Vector<Directive> directives() {
        return directives;
    }

    /** The directives of every {@code http} block. */
    public Vector<Directive> http() {
        return directives
                .filter(directive -> directive.is("http") && directive.isBlock())
                .flatMap(Directive::children);
    }

    /** Directives that include a file that is not in the snapshot. */
    public Vector<Directive> missingIncludes() {
        return missingIncludes;
    }

    /** How many directives there are, included files and nested ones counted. */
    public int count() {
        return count;
    }
}
