package har

// Refresh is what the goroutine of a Writer does once a second.
func (w *Writer) Refresh() { w.refresh() }
