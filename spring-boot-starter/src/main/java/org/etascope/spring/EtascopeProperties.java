package org.etascope.spring;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What {@code application.properties} can say.
 *
 * @param health {@code etascope.health.*}
 */
@ConfigurationProperties("etascope")
public record EtascopeProperties(@DefaultValue Health health) {
    /**
     * {@code etascope.health.*}.
     *
     * @param staleAfter {@code stale-after}: a run without a step for longer is down; 10 minutes unless told, more than 0
     */
    public record Health(@DefaultValue("10m") Duration staleAfter) {
        /**
         * Refuses a time that is not positive.
         *
         * @param staleAfter a run without a step for longer is down
         */
        public Health {
            if (staleAfter.isZero() || staleAfter.isNegative()) {
                throw new IllegalArgumentException(
                        "etascope.health.stale-after is " + staleAfter + ", allowed: more than 0, like 10m");
            }
        }
    }
}
