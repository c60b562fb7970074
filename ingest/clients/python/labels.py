"""Writes labels in CSV, COCO or YOLO files as a label log; a start for a converter of your own.

python3 labels.py STREAM STAMPS.csv UNIT LABELS [WIDTHxHEIGHT CATEGORY,...] > labels.jsonl

STAMPS.csv has a header line, then in each line the name of an image and its stamp in UNIT (s, ms,
us, ns). LABELS is a CSV file (columns image, left, top, right, bottom; if there: track, category,
annotator, tool), a COCO .json file, or a folder of YOLO .txt files, which need size and categories.
"""
import csv, json, sys
from decimal import Decimal
from pathlib import Path

if len(sys.argv) not in (5, 7):
    sys.exit(__doc__)
stream, stamps, unit, source = sys.argv[1:5]
scale = {"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}[unit]
with open(stamps, newline="") as lines:
    rows = list(csv.reader(lines))[1:]
# No stamp passes through a float: it would lose its last digits.
frames = {Path(row[0]).stem: (n, int(Decimal(row[1]) * scale)) for n, row in enumerate(rows)}

def boxes_of_coco(coco):
    images = {image["id"]: image["file_name"] for image in coco["images"]}
    names = {category["id"]: category["name"] for category in coco["categories"]}
    for label in coco["annotations"]:
        left, top, width, height = label["bbox"]
        yield {"image": images[label["image_id"]], "track": label.get("track_id"),
               "category": names[label["category_id"]], "left": left, "top": top,
               "right": left + width, "bottom": top + height}

def boxes_of_yolo(folder, size, names):
    wide, high = (int(number) for number in size.split("x"))
    for image in frames:
        path = folder / (image + ".txt")
        for line in path.read_text().splitlines() if path.exists() else []:
            kind, x, y, w, h = line.split()[:5]
            x, y, w, h = float(x) * wide, float(y) * high, float(w) * wide, float(h) * high
            yield {"image": image, "category": names.split(",")[int(kind)], "left": x - w / 2,
                   "top": y - h / 2, "right": x + w / 2, "bottom": y + h / 2}

if source.endswith(".json"):
    labels = boxes_of_coco(json.loads(Path(source).read_text()))
elif source.endswith(".csv"):
    labels = csv.DictReader(open(source, newline=""))
else:
    labels = boxes_of_yolo(Path(source), *sys.argv[5:7])
print(json.dumps({"type": "lockstep.label-log", "version": 1, "set": stream, "stamps": "list",
                  "frame_of_reference": "image", "frame_name": stream}))
for label in labels:
    frame, stamp_ns = frames[Path(label["image"]).stem]
    event = {"stamp_ns": stamp_ns, "frame": frame,
             "box2d": [float(label[side]) for side in ("left", "top", "right", "bottom")]}
    texts = {key: str(label[key]) for key in ("track", "category", "annotator", "tool")
             if label.get(key) not in (None, "")}
    print(json.dumps(event | texts))
