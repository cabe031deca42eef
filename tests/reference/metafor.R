# Reference values of random-effects pooling, computed with R's metafor. All numbers in are invented.
#
#   Rscript tests/reference/metafor.R > tests/reference/metafor.json
#
# metafor: Viechtbauer W, 2010, J Stat Softw 36(3):1-48, doi:10.18637/jss.v036.i03.
suppressPackageStartupMessages({
  library(metafor)
  library(jsonlite)
})

ratios <- data.frame( # invented hazard ratios with 95 % limits
  ratio = c(2.14, 1.32, 1.87, 0.91, 2.60, 1.55, 1.10),
  low = c(1.06, 0.80, 0.93, 0.50, 1.12, 1.01, 0.61),
  high = c(4.31, 2.18, 3.77, 1.66, 6.04, 2.38, 1.98)
)
medians <- data.frame( # invented median survival in months: with limits, or with the number of events
  median = c(14.2, 9.0, 22.5, 11.0, 6.4),
  low = c(9.8, 6.1, 15.0, NA, NA),
  high = c(19.6, 13.3, 33.8, NA, NA),
  events = c(NA, NA, NA, 41, 12)
)
shares <- data.frame( # invented local recurrences
  count = c(3, 0, 7, 5, 12, 9),
  n = c(12, 10, 31, 18, 40, 9)
)
alike <- data.frame( # invented effects that agree better than chance: tau² is 0, Knapp and Hartung's factor below 1
  value = c(0.41, 0.44, 0.38, 0.46),
  se = c(0.21, 0.30, 0.25, 0.28)
)
two <- data.frame(value = c(0.2, 1.1), se = c(0.15, 0.2)) # invented
apart <- data.frame( # invented effects far apart
  value = c(-1.2, 0.3, 1.9, 0.1, 2.4, -0.7),
  se = c(0.10, 0.12, 0.15, 0.05, 0.30, 0.22)
)

z <- qnorm(0.975)
error <- with(medians, ifelse(is.na(events), (log(high) - log(low)) / (2 * z), 1 / (log(2) * sqrt(events))))
logits <- escalc(measure = "PLO", xi = count, ni = n, data = shares, add = 0.5, to = "only0")
sets <- list(
  ratios = list(rows = ratios, yi = log(ratios$ratio), sei = (log(ratios$high) - log(ratios$low)) / (2 * z)),
  medians = list(rows = medians, yi = log(medians$median), sei = error),
  shares = list(rows = shares, yi = as.numeric(logits$yi), sei = sqrt(as.numeric(logits$vi))),
  alike = list(rows = alike, yi = alike$value, sei = alike$se),
  two = list(rows = two, yi = two$value, sei = two$se),
  apart = list(rows = apart, yi = apart$value, sei = apart$se)
)
exact <- list(threshold = 1e-14, maxiter = 100000)

fitted <- function(yi, sei, method, test) {
  control <- if (method == "REML") exact else list()
  r <- rma(yi = yi, sei = sei, method = method, test = test, control = control)
  p <- predict(r)
  list(
    estimate = as.numeric(r$beta), se = r$se, low = r$ci.lb, high = r$ci.ub, p = r$pval, tau2 = r$tau2,
    i2 = r$I2, q = r$QE, q_p = r$QEp, prediction = c(p$pi.lb, p$pi.ub), weights = as.numeric(weights(r))
  )
}

one <- function(set) {
  r <- rma(yi = set$yi, sei = set$sei, method = "REML", control = exact)
  profile <- confint(r, control = list(tol = 1e-12, tau2.max = 1e6))$random["tau^2", ]
  left <- if (length(set$yi) < 3) list() else lapply(
    seq_along(set$yi), function(k) fitted(set$yi[-k], set$sei[-k], "REML", "adhoc")[c("estimate", "low", "high", "tau2")]
  )
  list(
    rows = set$rows, yi = set$yi, sei = set$sei,
    reml_guarded = fitted(set$yi, set$sei, "REML", "adhoc"),
    reml_knha = fitted(set$yi, set$sei, "REML", "knha"),
    dl_normal = fitted(set$yi, set$sei, "DL", "z"),
    tau2_limits = c(profile[["ci.lb"]], profile[["ci.ub"]]), left_out = left
  )
}

made <- list(
  software = paste("R", getRversion(), "metafor", packageVersion("metafor")),
  note = "All numbers in are invented.", sets = lapply(sets, one)
)
cat(toJSON(made, auto_unbox = TRUE, digits = NA, na = "null", pretty = TRUE), "\n", sep = "")
