package audit

// Held returns how many bytes are kept of open exchanges.
func (s *Sink) Held() int64 { return s.held.Load() }
