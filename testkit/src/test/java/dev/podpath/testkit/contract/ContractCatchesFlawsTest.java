package dev.podpath.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.testkit.arbitrary.ProbedScene;
import dev.podpath.testkit.arbitrary.SceneArbitraries;
import dev.podpath.testkit.contract.FlawedMode.Flaw;
import io.vavr.control.Try;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import net.jqwik.api.Example;
import net.jqwik.api.Label;
import org.opentest4j.TestAbortedException;

/** The test of the tests: a mode with a flaw must fail, and one without must not. */
class ContractCatchesFlawsTest {
    private static final List<ProbedScene> SAMPLES =
            SceneArbitraries.probedScenes().sampleStream().limit(60).toList();

    private enum Rule {
        VERDICT((mode, probed) -> mode.everyPacketGetsAVerdict(probed)),
        SHARES((mode, probed) -> mode.sharesSumToOne(probed)),
        INTENT((mode, probed) -> mode.verdictsAreIntended(probed)),
        USABLE((mode, probed) -> mode.onlyUsableEndpoints(probed)),
        EVIDENCE((mode, probed) -> mode.evidenceIsThere(probed)),
        DAMAGE((mode, probed) -> mode.damagedDocuments(probed, probed.hashCode())),
        DETECTS((mode, probed) -> mode.detects(probed)),
        NOTHING((mode, probed) -> mode.nothingCaptured(probed));

        final BiConsumer<ProxyModeContract, ProbedScene> check;

        Rule(BiConsumer<ProxyModeContract, ProbedScene> check) {
            this.check = check;
        }
    }

    @Example
    @Label("a mode that does what is meant keeps every rule")
    void none() {
        assertThat(broken(Flaw.NONE)).isEmpty();
        new FlawedMode(Flaw.NONE).contract().identity();
    }

    @Example
    @Label("each flaw breaks the rule that is there for it")
    void flaws() {
        assertThat(broken(Flaw.FORGETS_AN_ENDPOINT)).containsExactly(Rule.INTENT);
        assertThat(broken(Flaw.KEEPS_EVERY_SOURCE)).containsExactly(Rule.INTENT);
        assertThat(broken(Flaw.LOSES_A_SHARE)).contains(Rule.SHARES);
        assertThat(broken(Flaw.SKEWS_SHARES)).containsExactly(Rule.INTENT);
        assertThat(broken(Flaw.DROPS_INSTEAD_OF_REJECTING)).containsExactly(Rule.INTENT);
        assertThat(broken(Flaw.QUOTES_ANOTHER_LINE)).containsExactly(Rule.EVIDENCE);
        assertThat(broken(Flaw.STUMBLES_OVER_DAMAGE)).containsExactly(Rule.DAMAGE);
        assertThat(broken(Flaw.GUESSES_WITHOUT_DOCUMENTS)).contains(Rule.NOTHING);
        assertThat(broken(Flaw.SENDS_TO_ANYBODY)).contains(Rule.USABLE, Rule.INTENT);
        assertThat(broken(Flaw.ANSWERS_AT_RANDOM)).containsExactly(Rule.VERDICT);
    }

    private static Set<Rule> broken(Flaw flaw) {
        ProxyModeContract mode = new FlawedMode(flaw).contract();
        Set<Rule> broken = EnumSet.noneOf(Rule.class);
        for (Rule rule : Rule.values()) {
            if (SAMPLES.stream()
                    .anyMatch(probed -> Try.run(() -> rule.check.accept(mode, probed))
                            .failed()
                            .exists(thrown -> !(thrown instanceof TestAbortedException)))) {
                broken.add(rule);
            }
        }
        return broken;
    }
}
