import type { Language } from "../words.js";

const en = {
  train: "Train", pause: "Pause", step: "One step", back: "Back", restart: "Start again", epoch: "epoch", steps: "steps", perSecond: "steps a second", speed: "Speed", slow: "slow", medium: "medium", full: "full",
  history: "History", historyAt: "step # of #",
  problem: "Problem", classification: "classification", regression: "regression", activation: "Activation", optimizer: "Optimizer", rate: "Learning rate", schedule: "Schedule", penalty: "Regularisation", penaltyRate: "Regularisation rate",
  none: "none", norm: "batch normalisation", dropout: "Dropout", constant: "constant", stepDecay: "steps", exponential: "exponential", cosine: "cosine", restarts: "cosine, restarts", warmup: "warm-up", onecycle: "one cycle",
  data: "Data", circle: "circle", xor: "XOR", gauss: "clouds", spiral: "spiral", plane: "plane", bumps: "hills", digits: "digits", draw: "Draw points", drawPictures: "Draw pictures", table: "Your own table", classes: "Classes", noise: "Noise", trainShare: "Share for training", batch: "Batch size", otherData: "Other data and weights",
  features: "Features", featureOn: "Feature #: in use", featureOff: "Feature #: not in use", layers: "# hidden layers", layer: "1 hidden layer", noLayers: "no hidden layers", addLayer: "Add a layer", removeLayer: "Remove a layer", units: "# units", unit: "1 unit", addUnit: "Add a unit to layer #", removeUnit: "Remove a unit of layer #", output: "Output", drawing: "Network",
  unitName: "Unit # of layer #", outputName: "Output #", onlyOutput: "Output", weight: "weight", bias: "bias", weightsOf: "Weights into", close: "Close", edit: "Choose a unit or a line to read and edit its weights.", dead: "dead: its output is the same for all examples", from: "from",
  answers: "What the network answers", testLoss: "Test loss", trainLoss: "Training loss", percent: "# %", accuracy: "# % right", showTest: "show test data", discrete: "discretise the output", map: "Output of",
  pen: "Draw", value: "Value", erase: "erase", clear: "Clear", points: "# points", plot: "The plane. Draw points with the pointer. With keys: arrows move the cross, space sets a point, delete removes the nearest one, digits choose the class.", few: "Draw at least four points, of two classes or more.", tooMany: "No more than # points can be drawn.",
  pad: "A sheet of paper, 14 by 14 pixels. Draw with the pointer. With keys: arrows move the frame, space draws, delete erases, digits add the picture to a class.", padHint: "Draw here. The network answers at once.", padEmpty: "The sheet is empty.", clearPad: "Clear the sheet", says: "The network says", examples: "What it learns from", generatedExamples: "Some of what it learns from. Choose one to try it.",
  add: "Add", addTo: "Add the picture on the sheet to class #", takeBack: "Take this picture of class # back onto the sheet", takeHint: "Choose an example to take it back onto the sheet.", tryPicture: "Try this #", fewPictures: "Add at least four pictures, of two classes or more.", manyPictures: "No more than # pictures can be kept.", weightPicture: "weights of the pixels",
  curve: "Loss by step", gradients: "Gradient of each layer's weights", deadUnits: "dead units", parameters: "parameters", rateNow: "learning rate now", hiddenLayer: "layer #", inside: "Inside the network",
  export: "Export", program: "Program that trains", programText: "This program trains the same network with the packages of this library.", network: "Trained network", networkText: "This module of JavaScript holds the network as it is trained now. It needs no package: predict(row) gives its answer.", onnx: "ONNX file", onnxText: "This file holds the network as it is trained now, for ONNX Runtime and other programs: answers of rows.", bytes: "# bytes", copy: "Copy", copied: "Copied.", notCopied: "The browser does not allow copying: select the text and copy it.", save: "Save as a file", share: "Share", shareText: "This address leads to these settings.", tooLarge: "Tables with more than two inputs do not fit into an address. It leads to the settings without the data.",
  refused: "Not understood in the address, and left out: #.", failed: "Training failed",
  tableTitle: "A table of your own", tableText: "Paste a table with names in its first row (CSV, or copied from a spreadsheet), or open a file. It stays on this device.", open: "Open a file", read: "Read the table", inputs: "Inputs", target: "Target", allColumns: "all columns of numbers", use: "Use these columns", rows: "# rows", across: "across", up: "up",
};

/** The words of the playground. */
export type Text = Readonly<Record<keyof typeof en, string>>;

const ko: Text = {
  train: "학습", pause: "멈춤", step: "한 단계", back: "뒤로", restart: "처음부터", epoch: "에폭", steps: "단계", perSecond: "단계/초", speed: "속도", slow: "느리게", medium: "보통", full: "최대",
  history: "되감기", historyAt: "#단계 / #단계",
  problem: "문제", classification: "분류", regression: "회귀", activation: "활성화 함수", optimizer: "최적화", rate: "학습률", schedule: "학습률 스케줄", penalty: "규제", penaltyRate: "규제 계수",
  none: "없음", norm: "배치 정규화", dropout: "드롭아웃", constant: "일정", stepDecay: "계단", exponential: "지수", cosine: "코사인", restarts: "코사인 재시작", warmup: "웜업", onecycle: "원 사이클",
  data: "데이터", circle: "원", xor: "XOR", gauss: "구름", spiral: "나선", plane: "평면", bumps: "언덕", digits: "숫자", draw: "점 찍기", drawPictures: "그림 그리기", table: "내 표 불러오기", classes: "클래스 수", noise: "잡음", trainShare: "학습에 쓰는 비율", batch: "배치 크기", otherData: "다른 데이터와 초깃값",
  features: "특성", featureOn: "특성 #: 사용 중", featureOff: "특성 #: 사용 안 함", layers: "은닉층 #개", layer: "은닉층 1개", noLayers: "은닉층 없음", addLayer: "층 추가", removeLayer: "층 제거", units: "유닛 #개", unit: "유닛 1개", addUnit: "#층에 유닛 추가", removeUnit: "#층에서 유닛 제거", output: "출력", drawing: "신경망",
  unitName: "#번 유닛, #층", outputName: "출력 #", onlyOutput: "출력", weight: "가중치", bias: "편향", weightsOf: "들어오는 가중치:", close: "닫기", edit: "유닛이나 선을 고르면 가중치를 보고 고칠 수 있습니다.", dead: "죽은 유닛: 모든 데이터에 같은 값을 냅니다", from: "입력",
  answers: "신경망의 답", testLoss: "테스트 손실", trainLoss: "학습 손실", percent: "#%", accuracy: "정확도 #%", showTest: "테스트 데이터 표시", discrete: "출력을 둘로 나누기", map: "출력:",
  pen: "그리기", value: "값", erase: "지우개", clear: "모두 지우기", points: "점 #개", plot: "평면. 포인터로 점을 찍습니다. 키보드: 화살표로 십자를 옮기고, 스페이스로 점을 찍고, Delete로 가까운 점을 지우고, 숫자로 클래스를 고릅니다.", few: "두 클래스 이상, 점을 네 개 이상 찍어 주세요.", tooMany: "점은 #개까지 찍을 수 있습니다.",
  pad: "가로 14, 세로 14 픽셀의 종이. 포인터로 그립니다. 키보드: 화살표로 칸을 옮기고, 스페이스로 칠하고, Delete로 지우고, 숫자로 클래스에 넣습니다.", padHint: "여기에 그리면 신경망이 바로 답합니다.", padEmpty: "종이가 비어 있습니다.", clearPad: "종이 비우기", says: "신경망의 답:", examples: "배우는 그림", generatedExamples: "배우는 그림의 일부. 하나를 골라 시험해 보세요.",
  add: "넣기", addTo: "종이의 그림을 클래스 #에 넣기", takeBack: "클래스 #의 이 그림을 종이로 되돌리기", takeHint: "그림을 고르면 종이로 돌아옵니다.", tryPicture: "이 # 시험해 보기", fewPictures: "두 클래스 이상, 그림을 네 개 이상 넣어 주세요.", manyPictures: "그림은 #개까지 넣을 수 있습니다.", weightPicture: "픽셀마다의 가중치",
  curve: "단계별 손실", gradients: "층별 가중치의 기울기", deadUnits: "죽은 유닛", parameters: "매개변수", rateNow: "지금의 학습률", hiddenLayer: "#층", inside: "신경망 들여다보기",
  export: "내보내기", program: "학습 프로그램", programText: "이 라이브러리의 패키지로 같은 신경망을 학습시키는 프로그램입니다.", network: "학습된 신경망", networkText: "지금까지 학습한 신경망을 담은 자바스크립트 모듈입니다. 다른 패키지 없이 predict(row)\u2060가 답을 냅니다.", onnx: "ONNX 파일", onnxText: "지금까지 학습한 신경망을 담은 파일입니다. ONNX Runtime 같은 프로그램에서 쓸 수 있고, 입력 rows에서 답 answers를 구합니다.", bytes: "#바이트", copy: "복사", copied: "복사했습니다.", notCopied: "브라우저가 복사를 허용하지 않습니다. 글을 선택해서 복사해 주세요.", save: "파일로 저장", share: "공유", shareText: "이 주소를 열면 지금의 설정이 나타납니다.", tooLarge: "입력이 셋 이상인 표는 주소에 담을 수 없습니다. 주소에는 데이터를 뺀 설정만 들어 있습니다.",
  refused: "주소에서 이해할 수 없어 빼놓은 것: #.", failed: "학습에 실패했습니다",
  tableTitle: "내 표", tableText: "첫 줄에 이름이 있는 표(CSV 또는 스프레드시트에서 복사한 것)\u2060를 붙여 넣거나 파일을 여세요. 표는 이 기기를 떠나지 않습니다.", open: "파일 열기", read: "표 읽기", inputs: "입력", target: "목표", allColumns: "수로 된 모든 열", use: "이 열 사용", rows: "행 #개", across: "가로", up: "세로",
};

export const words: Readonly<Record<Language, Text>> = { en, ko };
