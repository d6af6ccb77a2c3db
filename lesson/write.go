package lesson

import "io"

// write writes the lesson.
func (s *Sink) write() error {
	p := s.page()
	text := ""
	if s.o.HTML {
		text = p.html(s.began)
	} else {
		text = p.markdown()
	}
	_, err := io.WriteString(s.w, text)
	return err
}
