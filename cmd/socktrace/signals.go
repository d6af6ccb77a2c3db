package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// untilSignal returns a context that ends when the program is asked to end, or
// when stop is called. What asks again ends the program at once, whatever it waits
// for.
//
// SIGINT and SIGTERM always count. A shell that runs a script starts what is in
// the background with SIGINT ignored, so that the terminal's keys do not reach it;
// but who says kill -INT means it. SIGHUP stays ignored if it was: that is what
// nohup is for.
func untilSignal() (ctx context.Context, stop context.CancelFunc) {
	background := signal.Ignored(os.Interrupt)
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, signals...)
	ctx, stop = context.WithCancel(context.Background())
	go func() {
		select {
		case <-asked:
			stop()
		case <-ctx.Done():
		}
		again := <-asked
		if again != os.Interrupt || !background { // to die by it would be ignored
			dieBy(again)
		}
		os.Exit(exitFailed)
	}()
	return ctx, stop
}
