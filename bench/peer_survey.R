# The tasks of bench/survey.py by R survey, from a file of 32-bit integers, column after column.
#   Rscript bench/peer_survey.R persons.bin ROWS
# Prints seconds of reading with the design, of each task, and the peak memory in GB. The data are read and the
# design made once for the three tasks; a task alone takes both.
suppressMessages(library(survey))
given <- commandArgs(TRUE)
rows <- as.integer(given[2])
names <- c("NATIVITY", "SEX", "ST", "AGEP", "SCHL", "WAGP", "PWGTP", paste0("PWGTP", 1:80))
start <- proc.time()[["elapsed"]]
file <- file(given[1], "rb")
columns <- lapply(names, function(name) readBin(file, "integer", rows, 4))
close(file)
data <- as.data.frame(setNames(columns[1:7], names[1:7]))
weights <- do.call(cbind, columns[8:87])
rm(columns)
data$ba <- as.numeric(data$SCHL >= 21)
design <- svrepdesign(data = data, weights = ~PWGTP, repweights = weights, type = "successive-difference",
                      combined.weights = TRUE, mse = TRUE)
rm(weights, data)
made <- proc.time()[["elapsed"]]
by <- ~NATIVITY + SEX + ST
timed <- function(work) {
  begin <- proc.time()[["elapsed"]]
  found <- work()
  list(proc.time()[["elapsed"]] - begin, coef(found)[[1]], SE(found)[[1]])
}
show <- function(task, found) {
  cat(sprintf("%s %.2f %.17g %.17g\n", task, found[[1]], found[[2]], found[[3]]))
}
cat(sprintf("design %.2f\n", made - start))
show("share", timed(function() svyby(~ba, by, subset(design, AGEP >= 25), svymean, na.rm = TRUE)))
show("mean", timed(function() svyby(~WAGP, by, subset(design, WAGP > 0), svymean)))
show("median", timed(function() svyby(~WAGP, by, subset(design, WAGP > 0), svyquantile, quantiles = 0.5,
                                      interval.type = "quantile", ci = TRUE)))
peak <- grep("VmHWM", readLines("/proc/self/status"), value = TRUE)
cat(sprintf("peak %.2f\n", as.numeric(gsub("[^0-9]", "", peak)) * 1024 / 1e9))
