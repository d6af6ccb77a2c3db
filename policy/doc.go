// Package policy makes rules of socket proxies from what was seen, least first, and tells what
// such rules would have denied. It is a sink, which adds up what clients ask for, and writes when
// it is closed.
//
// What a proxy matches, and how, is rebuilt from its documentation and its behaviour: of each
// there is a model (haproxy, wollomatic, cetusguard), which reads rules as a user has them. What
// rules let in beyond what was seen is computed with the model, from the table of all operations.
package policy
