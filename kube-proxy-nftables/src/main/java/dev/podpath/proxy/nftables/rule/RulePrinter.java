package dev.podpath.proxy.nftables.rule;

import dev.podpath.proxy.nftables.rule.Statement.Compare;
import dev.podpath.proxy.nftables.rule.Statement.Nat;
import dev.podpath.proxy.nftables.rule.Statement.Op;
import io.vavr.collection.Vector;
import java.util.Locale;

/**
 * Prints rules in nft's language, so that nft takes them: the same whether they were read from text or from JSON. What only JSON
 * has words for is left out with a comment.
 */
public final class RulePrinter {
    private final StringBuilder out = new StringBuilder(1 << 12);
    private final StringBuilder remark = new StringBuilder();

    private RulePrinter() {}

    /** A rule set. */
    public static String print(Ruleset rules) {
        RulePrinter printer = new RulePrinter();
        rules.tables().forEach(printer::table);
        return printer.out.toString();
    }

    /** One rule of a table, without its end. */
    public static String print(Table table, Rule rule) {
        RulePrinter printer = new RulePrinter();
        printer.rule(table, rule);
        return printer.out.toString();
    }

    private void table(Table table) {
        out.append("table ").append(table.title()).append(" {\n");
        if (table.isDormant()) {
            out.append("\tflags dormant\n");
        }
        Vector.range(0, table.setCount())
                .map(table::set)
                .filter(NamedSet::isKnown)
                .sortBy(set -> set.definition().place())
                .forEach(set -> set(table, set));
        Vector.range(0, table.chainCount())
                .map(table::chain)
                .filter(Chain::isDefined)
                .sortBy(Chain::place)
                .forEach(chain -> chain(table, chain));
        out.append("}\n");
    }

    private void set(Table table, NamedSet set) {
        NamedSet.Definition how = set.definition();
        out.append('\t').append(how.map() ? "map " : "set ").append(set.name()).append(" {\n\t\t");
        boolean byExample =
                how.types().contains(DataType.INTEGER) || how.values().contains(DataType.INTEGER);
        out.append(byExample ? "typeof " : "type ").append(types(how.types(), byExample));
        if (how.map()) {
            out.append(" : ").append(types(how.values(), byExample));
        }
        out.append('\n');
        if (!how.flags().isEmpty()) {
            out.append("\t\tflags ").append(how.flags().mkString(",")).append('\n');
        }
        if (how.timeout() > 0) {
            out.append("\t\ttimeout ").append(how.timeout()).append("s\n");
        }
        if (how.size() > 0) {
            out.append("\t\tsize ").append(how.size()).append('\n');
        }
        if (set.elements().size() > 0) {
            out.append("\t\telements = ");
            elements(
                    table,
                    set.elements(),
                    how.types().toJavaArray(DataType[]::new),
                    how.values().toJavaArray(DataType[]::new),
                    ",\n\t\t\t");
            out.append('\n');
        }
        out.append("\t}\n");
    }

    private static String types(Vector<DataType> types, boolean byExample) {
        return types.map(type -> !byExample ? type.text() : type == DataType.VERDICT ? "verdict" : type.example())
                .mkString(" . ");
    }

    private void chain(Table table, Chain chain) {
        out.append("\tchain ").append(chain.name()).append(" {\n");
        Chain.Base base = chain.base();
        if (base != null) {
            out.append("\t\ttype ")
                    .append(base.type().name().toLowerCase(Locale.ROOT))
                    .append(" hook ")
                    .append(base.hook().text());
            if (!base.device().isEmpty()) {
                out.append(" device \"").append(base.device().replace("\"", "")).append('"');
            }
            out.append(" priority ")
                    .append(base.priority())
                    .append("; policy ")
                    .append(base.drop() ? "drop;\n" : "accept;\n");
        }
        for (int i = 0; i < chain.size(); i++) {
            out.append("\t\t");
            rule(table, chain.rule(i));
            out.append('\n');
        }
        out.append("\t}\n");
    }

    private void rule(Table table, Rule rule) {
        for (int i = 0; i < rule.size(); i++) {
            if (i > 0) {
                out.append(' ');
            }
            statement(table, rule.statement(i));
        }
        if (remark.length() > 0) {
            out.append(" #").append(remark);
            remark.setLength(0);
        }
    }

    private void statement(Table table, Statement statement) {
        if (statement instanceof Compare compare) {
            compare(table, compare);
        } else if (statement instanceof Statement.Lookup lookup) {
            expr(table, lookup.key());
            out.append(lookup.negated() ? " != " : " ");
            content(table, lookup.content(), lookup.key(), Vector.empty());
        } else if (statement instanceof Statement.VerdictMap map) {
            expr(table, map.key());
            out.append(" vmap ");
            content(table, map.content(), map.key(), Vector.of(DataType.VERDICT));
        } else if (statement instanceof Statement.Decide decide) {
            verdict(table, decide.verdict());
        } else if (statement instanceof Nat nat) {
            nat(table, nat);
        } else if (statement instanceof Statement.Reject reject) {
            out.append("reject").append(reject.with().isEmpty() ? "" : " with " + reject.with());
        } else if (statement instanceof Statement.Mangle mangle) {
            out.append(mangle.mark().text()).append(" set ");
            expr(table, mangle.value());
        } else if (statement instanceof Statement.Update update) {
            out.append(update.op()).append(" @").append(update.set().name()).append(" { ");
            expr(table, update.key());
            out.append(update.timeout() > 0 ? " timeout " + update.timeout() + "s }" : " }");
        } else if (statement instanceof Statement.Notrack) {
            out.append("notrack");
        } else if (statement instanceof Statement.Neutral neutral) {
            raw(neutral.text());
        } else if (statement instanceof Statement.Uncertain uncertain) {
            raw(uncertain.text());
        } else {
            raw(((Statement.Unsupported) statement).text());
        }
    }

    /** What a listing in JSON has and the model has not can only be shown behind the rule. */
    private void raw(String text) {
        if (text.startsWith("{")) {
            out.append("counter");
            remark.append(' ').append(text.replace('\n', ' '));
        } else {
            out.append(text);
        }
    }

    private void compare(Table table, Compare compare) {
        expr(table, compare.left());
        out.append(' ');
        DataType type = compare.left().type();
        boolean reverse = type == DataType.INTEGER && compare.left() instanceof Expr.Read;
        if (reverse) {
            out.append(compare.op() == Op.EQ ? "missing" : "exists");
            return;
        }
        boolean spelled = compare.op() == Op.EQ && (type.isFlags() || compare.left() instanceof Expr.Bits);
        out.append(spelled ? "== " : compare.op().text());
        if (type.isFlags() && (compare.op() == Op.ANY || compare.op() == Op.NONE)) {
            out.append(flags(type, compare.firstLow()));
        } else {
            range(type, compare.firstHigh(), compare.firstLow(), compare.lastHigh(), compare.lastLow());
        }
    }

    private static String flags(DataType type, long bits) {
        StringBuilder names = new StringBuilder();
        for (int bit = 0; bit < 16; bit++) {
            if ((bits >>> bit & 1) != 0) {
                names.append(names.length() == 0 ? "" : ",").append(Symbols.name(type.symbols(), 1 << bit));
            }
        }
        return names.length() == 0 ? "0" : names.toString();
    }

    private void expr(Table table, Expr expr) {
        if (expr instanceof Expr.Read read) {
            out.append(read.selector().text());
        } else if (expr instanceof Expr.Constant constant) {
            out.append(Printed.value(constant.type(), constant.high(), constant.low()));
        } else if (expr instanceof Expr.Bits bits) {
            expr(table, bits.left());
            out.append(' ').append(bits.op().text()).append(' ');
            expr(table, bits.right());
        } else if (expr instanceof Expr.Concat concat) {
            for (int i = 0; i < concat.size(); i++) {
                out.append(i == 0 ? "" : " . ");
                expr(table, concat.part(i));
            }
        } else if (expr instanceof Expr.Numgen numgen) {
            out.append("numgen ")
                    .append(numgen.random() ? "random" : "inc")
                    .append(" mod ")
                    .append(numgen.modulus());
            out.append(numgen.offset() == 0 ? "" : " offset " + numgen.offset());
        } else if (expr instanceof Expr.Hash hash) {
            out.append(hash.text()).append(hash.offset() == 0 ? "" : " offset " + hash.offset());
        } else if (expr instanceof Expr.Mapped mapped) {
            expr(table, mapped.key());
            out.append(" map ");
            content(table, mapped.content(), mapped.key(), Vector.of(DataType.OTHER));
        } else {
            out.append(((Expr.Opaque) expr).text());
        }
    }

    private void content(Table table, Content content, Expr key, Vector<DataType> values) {
        if (content instanceof NamedSet set) {
            out.append('@').append(set.name());
            return;
        }
        DataType[] types = key instanceof Expr.Concat concat
                ? Vector.range(0, concat.size()).map(i -> concat.part(i).type()).toJavaArray(DataType[]::new)
                : new DataType[] {key.type()};
        elements(table, content.elements(), types, values.toJavaArray(DataType[]::new), ", ");
    }

    private void elements(Table table, Elements elements, DataType[] types, DataType[] values, String separator) {
        out.append("{ ");
        for (int e = 0; e < elements.size(); e++) {
            out.append(e == 0 ? "" : separator);
            if (e == elements.otherwise()) {
                out.append('*');
            } else {
                for (int f = 0; f < elements.width(); f++) {
                    out.append(f == 0 ? "" : " . ");
                    range(
                            types[Math.min(f, types.length - 1)],
                            elements.firstHigh(e, f),
                            elements.firstLow(e, f),
                            elements.lastHigh(e, f),
                            elements.lastLow(e, f));
                }
            }
            if (elements.isVerdictMap()) {
                out.append(" : ");
                verdict(table, elements.verdict(e));
            } else if (elements.dataWidth() > 0) {
                out.append(" : ");
                for (int f = 0; f < elements.dataWidth(); f++) {
                    boolean told = f < values.length && values[f] != DataType.OTHER;
                    DataType type = told ? values[f] : guess(f, elements.dataHigh(e, f));
                    out.append(f == 0 ? "" : " . ")
                            .append(Printed.value(type, elements.dataHigh(e, f), elements.dataLow(e, f)));
                }
            }
        }
        out.append(" }");
    }

    private static DataType guess(int field, long high) {
        return field > 0 ? DataType.SERVICE : high != 0 ? DataType.IPV6 : DataType.IPV4;
    }

    private void range(DataType type, long firstHigh, long firstLow, long lastHigh, long lastLow) {
        out.append(Printed.range(type, firstHigh, firstLow, lastHigh, lastLow));
    }

    private void verdict(Table table, int verdict) {
        out.append(Verdict.text(verdict));
        int kind = Verdict.kind(verdict);
        if (kind == Verdict.JUMP || kind == Verdict.GOTO) {
            out.append(' ').append(table.chain(Verdict.chain(verdict)).name());
        }
    }

    private void nat(Table table, Nat nat) {
        out.append(nat.nat().name().toLowerCase(Locale.ROOT));
        out.append(nat.family().isEmpty() ? "" : " " + nat.family());
        if (!nat.address().isEmpty() || !nat.port().isEmpty()) {
            out.append(" to ");
        }
        boolean brackets = !nat.port().isEmpty() && nat.address().exists(part -> part.type() == DataType.IPV6);
        for (int i = 0; i < nat.address().size(); i++) {
            out.append(i == 0 ? "" : "-").append(brackets ? "[" : "");
            expr(table, nat.address().get(i));
            out.append(brackets ? "]" : "");
        }
        if (!nat.port().isEmpty()) {
            out.append(nat.address().exists(part -> part instanceof Expr.Mapped) ? " :" : ":");
            for (int i = 0; i < nat.port().size(); i++) {
                out.append(i == 0 ? "" : "-");
                expr(table, nat.port().get(i));
            }
        }
        out.append(nat.flags().isEmpty() ? "" : " " + nat.flags());
    }
}
