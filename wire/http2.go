package wire

// HTTP2Preface is what a client that speaks HTTP/2 sends first (RFC 9113, section
// 3.4).
const HTTP2Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
