// Package websocket is the wire format of WebSockets (RFC 6455): the header of a frame, frames
// taken apart and written, the close frame and the key of the handshake. What messages mean, and
// what is held of them, is up to who uses it.
package websocket
