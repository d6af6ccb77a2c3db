package wire

// HTTP2Preface is what a client that speaks HTTP/2 sends first (RFC 9113, section
// 3.4).
const HTTP2Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

// UnknownField is the name, and the value, of a field of HTTP/2 that cannot be known:
// it refers to a head that was not seen (RFC 7541, section 2.2). No field has such a
// name. What nobody can name is not shown: it may be a secret.
const UnknownField = "?"
