# One job of benchmarks/cohort.py in R: Rscript cohort.R FOLDER ROWS COLUMNS KIND JOB FITTER
# FOLDER holds every column as plain binary numbers, the quickest thing for R to read.
library(survival)
given <- commandArgs(TRUE)
folder <- given[1]; rows <- as.integer(given[2]); columns <- as.integer(given[3]); job <- given[5]; bare <- given[6] == "bare"
number <- function(name, whole) {
  file <- file(file.path(folder, paste0(name, ".bin")), "rb"); on.exit(close(file))
  if (whole) readBin(file, "integer", rows, size = 4) else readBin(file, "double", rows, size = 8)
}
whole <- given[4] == "category"
read <- function() {
  names <- paste0("c", seq_len(if (job == "km") 1 else columns) - 1)
  frame <- as.data.frame(lapply(setNames(names, names), number, whole))
  frame$months <- number("months", whole); frame$died <- number("died", TRUE)
  frame
}
cox <- function(frame) {
  if (bare) {
    x <- as.matrix(frame[paste0("c", seq_len(columns) - 1)]); storage.mode(x) <- "double"
    y <- Surv(frame$months, frame$died)
    coxph.fit(x, y, NULL, NULL, NULL, coxph.control(), NULL, "efron", NULL)$coefficients
  } else {
    coef(coxph(reformulate(paste0("c", seq_len(columns) - 1), "Surv(months, died)"), frame))
  }
}
km <- function(frame) {
  survfit(Surv(months, died) ~ c0, frame, conf.type = "log-log")
  survdiff(Surv(months, died) ~ c0, frame)
  NULL
}
run <- if (job == "km") km else cox
repeats <- 1
if (job == "memory") { kept <- read(); run(kept); repeats <- 20 }
before <- proc.time()
for (k in seq_len(repeats)) found <- run(if (job == "memory") kept else read())
used <- (proc.time() - before) / repeats
peak <- as.numeric(gsub("[^0-9]", "", grep("VmHWM", readLines("/proc/self/status"), value = TRUE))) / 1024
numbers <- if (is.null(found)) "null" else paste0("[", paste(sprintf("%.17g", found), collapse = ","), "]")
cat(sprintf('{"cpu": %.6f, "wall": %.6f, "mb": %.1f, "coef": %s}\n', used[1] + used[2], used[3], peak, numbers))
