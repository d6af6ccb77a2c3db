package http1

// pairing is what is known, on a connection, of which response belongs to which
// request.
type pairing struct {
	unread    unread // of answers
	pipelined bool   // the client has sent a request before it had the answer to another
	adrift    int    // how many responses may still come that belong to unknown requests
	unasked   int64  // bytes from the server that are the body of a message which cannot have one
	hidden    int    // how many requests there may have been, since the last message, that were not understood
	unseen    int64  // bytes from the client, since then, that were not captured, or not looked at, and began with a request
	blank     bool   // what is raw of the client ends with a line end
}

// unread counts pieces of a direction that were not understood.
type unread struct {
	pieces int // of any kind
	lines  int // in which there may be a message, since a line ends in them
}

// shortest is how many bytes a request has, at least.
const shortest = int64(len("GET / HTTP/1.1\r\n\r\n"))
