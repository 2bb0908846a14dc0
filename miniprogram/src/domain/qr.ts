import { renderSVG } from "uqr";

/** Light modules around the code, as scanners want them (ISO/IEC 18004 asks for 4). */
const QUIET_ZONE = 4;

/** A text as a QR code, as a picture's address: drawn on the phone, so it needs no network. */
export const qrImage = (text: string): string =>
  `data:image/svg+xml,${encodeURIComponent(renderSVG(text, { border: QUIET_ZONE, ecc: "M" }))}`;
