// Package stat holds the small-sample statistics that every number of jiceng
// shares: intervals for shares, rates and medians, survival curves for clocks
// that are still running, and shrinkage for areas with few cases.
//
// The warehouse computes the same quantities in SQL for millions of cases; this
// package computes them for the handful of numbers a page needs live, and is the
// oracle that the SQL is tested against.
//
// Missing is NaN: a share of no cases has no value and no interval. A confidence
// level (conf) is a share of 1, such as 0.95, and is two-sided; a level outside
// (0, 1) gives NaN throughout.
package stat
