package wire

// Sink consumes the events of all connections. Its methods are called by one
// goroutine at a time. After Event has returned an error the sink is reported
// once and gets no more events; Close is still called.
type Sink interface {
	Event(Event) error
	Close() error
}

// ByteSink consumes chunks: a decoder, or a recorder of raw bytes. Its methods
// are called by one goroutine at a time.
type ByteSink interface {
	Chunk(Chunk) error
	Close() error
}
