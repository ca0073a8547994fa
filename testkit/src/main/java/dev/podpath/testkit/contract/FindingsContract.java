package dev.podpath.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.finding.Finding;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.trace.Trace;
import io.vavr.collection.Vector;
import java.util.function.Supplier;
import net.jqwik.api.Example;
import net.jqwik.api.Label;

/**
 * What holds for the diagnoses of a plugin whose findings are made while a request is traced: each has a fault that provokes
 * it and a healthy twin, the same without the fault, where it is not made.
 */
public interface FindingsContract {
    /** The diagnoses of the plugin. */
    Vector<FindingCode> findings();

    /** A fault and its twin for each of them. */
    Vector<Twin> twins();

    /**
     * A fault and its twin.
     *
     * @param code the diagnosis that the fault must give and the twin must not
     * @param faulty a trace with the fault
     * @param healthy the same without it
     */
    record Twin(String code, Supplier<Trace> faulty, Supplier<Trace> healthy) {}

    @Example
    @Label("a fault is found, said in words and shown by evidence, and its healthy twin does not have it")
    default void faultsAreFoundAndTwinsAreNot() {
        for (Twin twin : twins()) {
            assertThat(made(twin.faulty().get(), twin.code()))
                    .as(twin.code())
                    .isNotEmpty()
                    .allSatisfy(finding -> {
                        assertThat(finding.message()).as(twin.code()).isNotBlank();
                        assertThat(finding.evidence()).as(twin.code()).isNotEmpty();
                    });
            assertThat(made(twin.healthy().get(), twin.code()))
                    .as("the twin of %s", twin.code())
                    .isEmpty();
        }
    }

    @Example
    @Label("no diagnosis of the plugin is without a fault and its twin")
    default void noDiagnosisIsWithoutAFault() {
        assertThat(twins().map(Twin::code).distinct().sorted())
                .isEqualTo(findings().map(FindingCode::code).distinct().sorted());
    }

    private static Vector<Finding> made(Trace trace, String code) {
        return trace.findings()
                .map(placed -> placed.finding())
                .filter(finding -> finding.code().code().equals(code));
    }
}
