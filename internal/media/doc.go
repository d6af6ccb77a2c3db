// Package media knows what bodies consist of, beside one text or one archive:
// what their types say, in which charset they are, what may stand before JSON,
// and where parts of a type of their own begin and end. Decoders take bodies
// apart with it as the bytes come, and who masks or reads a body that was kept
// does so with the same rules.
//
// It keeps no more than what may be a border; bytes that it is given stay the
// caller's.
package media
