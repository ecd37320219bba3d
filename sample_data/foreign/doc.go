// Package foreign holds small made-up exports in the shapes of other places,
// each with a configuration and mapping SQL that load it without Go code.
package foreign
