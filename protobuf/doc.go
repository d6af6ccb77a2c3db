// Package protobuf shows messages of Protocol Buffers as JSON: by name where a
// descriptor is known, field by field where none is.
//
// It has the descriptors of what daemons speak (BuildKit, containerd, the CRI,
// OTLP, health and reflection of gRPC), and takes others. Its own walker writes the
// JSON while it goes through a message: what is on the wire is all that there is, so
// unknown fields, what is broken and what is cut are shown as well, each beside what
// is not. What it writes is what protojson would, in meaning; but long bytes are
// told by their size and beginning.
//
//	file        reads sets of descriptors
//	schema      types and methods by name
//	split       the fields of one message, in the order of the wire
//	walk        a message with a type, as JSON
//	unknown     a message without one
//	overrides   what bytes are, beyond what their descriptors say
//	encode      the way back: a message of its JSON
package protobuf
