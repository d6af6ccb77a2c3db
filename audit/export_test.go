package audit

// Held returns how many bytes are kept of open exchanges.
func (s *Sink) Held() int64 { return s.held.Load() }

// Hosts returns how many networks are known that are the host's.
func (s *Sink) Hosts() int { return len(*s.known.hosts.Load()) }

// Made returns how many exec instances are remembered, and their bytes.
func (s *Sink) Made() (n, size int) { return len(s.made.execs.order), s.made.execs.bytes }
