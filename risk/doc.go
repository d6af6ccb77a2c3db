// Package risk says which requests to a container engine give away more of the host
// than a container usually has, and why: from the request's line, its fields and its
// document, as the daemon reads them. It decides nothing and stops nothing.
//
// Goals, in this order: nothing dangerous without its mark, whatever its spelling;
// what cannot be judged says so (Unjudged); no mark for everyday calls.
//
// Where a daemon may read a document in two ways, each counts: any of several members
// of one name, and what encoding/json makes of them together; names in whatever case (as it
// compares them); fields of older versions of the API.
package risk
