# SPDX-License-Identifier: MIT
# Writes the fixtures that the statistics of Reaplab.Analysis are checked against.
# Run: Rscript statistics.R   (in this folder; base R only, written with R 4.2.2)
# Every line of a fixture: the input values separated by spaces, then the arguments, then what R says.

number <- function(x) ifelse(is.infinite(x), "Inf", trimws(formatC(x, digits = 15, format = "g")))
list_of <- function(x) paste(number(x), collapse = " ")
write_fixture <- function(file, columns, rows) {
  writeLines(c("# SPDX-License-Identifier: MIT", paste(columns, collapse = ","), rows), file)
}

set.seed(20260131)
untied <- lapply(c(2, 3, 4, 5, 6, 8, 10, 12, 20, 40), function(n) rnorm(n, mean = -0.2, sd = 0.4))
tied <- list(
  c(1, -1, 2, 2, 3), c(0.5, 0.5, 0.5, -0.5), c(-1, -1, -1, -1, -1, -1, -1, -1),
  c(0, 0, 1, -2, 2, 3), c(1, 2, 2, -2, 4, 4, 4, -5, 6), round(rnorm(11), 1)
)

# Signed rank: wilcox.test is exact without ties; with ties every sign pattern is counted, which needs nobody's word.
count_patterns <- function(x) {
  x <- x[x != 0]
  r <- rank(abs(x))
  v <- sum(r[x > 0])
  signs <- as.matrix(expand.grid(rep(list(0:1), length(x))))
  sums <- signs %*% r
  min(1, 2 * min(mean(sums <= v + 1e-9), mean(sums >= v - 1e-9)))
}
rows <- c(
  sapply(untied, function(x) {
    test <- wilcox.test(x, exact = TRUE)
    paste(list_of(x), number(test$statistic), number(test$p.value), sep = ",")
  }),
  sapply(tied, function(x) {
    v <- sum(rank(abs(x[x != 0]))[x[x != 0] > 0])
    paste(list_of(x), number(v), number(count_patterns(x)), sep = ",")
  })
)
write_fixture("signed-rank.csv", c("values", "statistic", "p"), rows)

large <- list(rnorm(150, mean = 0.1), round(rnorm(200, mean = 0.1), 1))
rows <- sapply(large, function(x) {
  test <- suppressWarnings(wilcox.test(x, exact = FALSE, correct = TRUE))
  paste(list_of(x), number(test$statistic), number(test$p.value), sep = ",")
})
write_fixture("signed-rank-large.csv", c("values", "statistic", "p"), rows)

# Hodges-Lehmann: the estimate by its definition, the interval by wilcox.test.
rows <- sapply(untied, function(x) {
  means <- outer(x, x, "+") / 2
  estimate <- median(means[!lower.tri(means)])
  test <- suppressWarnings(wilcox.test(x, exact = TRUE, conf.int = TRUE, conf.level = 0.95))
  interval <- test$conf.int
  # The confidence R attaches is rounded, or the one asked for; this is the one reached.
  reached <- 1 - 2 * psignrank(max(1, qsignrank(0.025, length(x))) - 1, length(x))
  paste(list_of(x), number(estimate), number(interval[1]), number(interval[2]), number(reached), sep = ",")
})
write_fixture("hodges-lehmann.csv", c("values", "estimate", "low", "high", "confidence"), rows)

families <- list(c(0.01, 0.04, 0.03, 0.005), c(0.5, 0.5), c(0.001), c(0.02, 0.02, 0.9, 0.011, 0.3), runif(9))
write_fixture(
  "holm.csv", c("p", "adjusted"),
  sapply(families, function(p) paste(list_of(p), list_of(p.adjust(p, "holm")), sep = ","))
)

counts <- list(c(0, 10), c(10, 10), c(1, 30), c(15, 30), c(7, 500), c(0, 1), c(299, 300))
write_fixture(
  "wilson.csv", c("count", "total", "low", "high"),
  sapply(counts, function(k) {
    interval <- suppressWarnings(prop.test(k[1], k[2], correct = FALSE))$conf.int
    paste(k[1], k[2], number(interval[1]), number(interval[2]), sep = ",")
  })
)

# Censored quantiles, type 7: beyond the limit as soon as a censored neighbour takes part.
samples <- lapply(c(1, 2, 5, 10, 30), function(n) rexp(n, rate = 1 / 100))
rows <- unlist(lapply(samples, function(x) {
  unlist(lapply(c(50, 150, 400, Inf), function(limit) {
    sapply(c(0, 0.25, 0.5, 0.9, 0.99, 1), function(p) {
      sorted <- sort(ifelse(x > limit, Inf, x))
      upper <- ceiling((length(x) - 1) * p + 1 - 1e-12)
      value <- if (is.infinite(sorted[upper])) Inf else unname(quantile(pmin(sorted, limit), p, type = 7))
      paste(list_of(x), number(limit), number(p), number(value), sep = ",")
    })
  }))
}))
write_fixture("censored-quantile.csv", c("values", "limit", "probability", "quantile"), rows)

# Bootstrap over blocks of the median. Nobody else's random numbers can be met exactly: R draws 200,000 times and the
# test allows for the noise of 2,000.
blocks <- lapply(1:10, function(b) rnorm(6, mean = 100 + rnorm(1, sd = 5), sd = 10))
medians <- replicate(200000, median(unlist(blocks[sample.int(10, replace = TRUE)])))
write_fixture(
  "bootstrap-median.csv", c("blocks", "median", "low", "high"),
  paste(
    paste(sapply(blocks, list_of), collapse = ";"), number(median(unlist(blocks))),
    number(quantile(medians, 0.025)), number(quantile(medians, 0.975)),
    sep = ","
  )
)
