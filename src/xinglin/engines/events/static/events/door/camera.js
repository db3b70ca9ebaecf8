// Reads square codes with the camera: by the browser itself where it can, else by a library of ours.
const EVERY = 150;

async function detector() {
  if (window.BarcodeDetector && (await window.BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
    return new window.BarcodeDetector({ formats: ["qr_code"] });
  }
  const library = await import("../../vendor/qr/decode.js");
  return new library.BarcodeDetector({ formats: ["qr_code"] });
}

// Shows the camera and calls back with each code; the same code is told again only after it was out of sight a while.
export async function watch(video, seen) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
  video.srcObject = stream;
  await video.play();
  const eye = await detector();
  let last = "", lastAt = 0, on = true;
  (async () => {
    while (on) {
      const found = video.readyState >= 2 && !document.hidden ? await eye.detect(video).catch(() => []) : [];
      const text = found[0]?.rawValue ?? "";
      if (text && (text !== last || Date.now() - lastAt > 4000)) await seen(text);
      if (text) [last, lastAt] = [text, Date.now()];
      await new Promise((done) => setTimeout(done, EVERY));
    }
  })();
  return () => {
    on = false;
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
}
