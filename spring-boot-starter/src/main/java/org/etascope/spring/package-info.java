/** Etascope in a Spring Boot 3 application: a {@code RunMonitor} bean is metered and part of the application's health. */
@NullMarked
package org.etascope.spring;

import org.jspecify.annotations.NullMarked;
