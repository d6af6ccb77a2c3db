// Package keylog reads logs of the secrets of TLS (RFC 9850), as programs write them
// for SSLKEYLOGFILE: one line for each secret, which names the handshake that it is of
// by the random bytes of its first ClientHello.
//
// Nothing that is in a log is ever part of an error or a message.
package keylog
