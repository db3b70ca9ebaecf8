// Notes what was really played: stretches by the page's own even clock, with the media time at which each began.
window.xTiming = function (now, drift) {
  "use strict";
  let run = null;
  const ended = [];
  const close = () => {
    if (run && run.last > run.from) ended.push(run);
    run = null;
  };
  return {
    // Called often while something plays; a jump of the media, or a gap in the calls, begins a new stretch.
    tick(media) {
      const at = now();
      if (run && (at - run.last > 5000 || Math.abs(media - run.media - (at - run.from) / 1000) > drift)) close();
      if (!run) run = { from: at, media: media, last: at };
      run.last = at;
    },
    close,
    // What was played since a moment, as (since then, length, media time), in whole milliseconds.
    since(base) {
      return [...ended, ...(run ? [run] : [])]
        .filter((one) => one.last > base)
        .map((one) => {
          const from = Math.max(one.from, base);
          return [from - base, one.last - from, one.media * 1000 + (from - one.from)].map(Math.round);
        })
        .filter((one) => one[1] > 0)
        .slice(-40);
    },
    forget(base) {
      while (ended.length && ended[0].last <= base) ended.shift();
    },
  };
};
